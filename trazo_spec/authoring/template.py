"""A commented spec to begin with."""

from string import Template

from trazo_spec.visible import one_line

SCHEMA_FILE = "trazo.schema.json"

_TEMPLATE = Template("""\
# yaml-language-server: $$schema=$schema
#
# This file defines what is deployed, priced and drawn. Inspect it with
#   trazo validate $file      trazo cost $file      trazo build $file
trazo: 1                     # version of the language
name: $name
region: $region
domain: $domain              # you own it; its name servers will be those of `zone`
state: {bucket: $name-terraform-state} # unique across all of AWS; the bootstrap stack creates it

components:
  network:
    kind: networking
    availability_zones: 2
    egress: {nat: single}    # or {endpoints: [ecr.api, ecr.dkr, logs, secretsmanager]} without internet access

  alb:
    kind: alb
    hostname: www.$domain
    routes:
      # - {host: admin.$domain, to: admin}   # first match wins
      - {to: web}

  web:
    kind: ecs
    image: public.ecr.aws/nginx/nginx:1.29   # your image
    cpu: 256                 # 1024 = 1 vCPU
    memory_mib: 512
    port: 80
    health_check: {path: /}
    environment: {APP_ENV: production}
    # secrets: {SECRET_KEY: app_secret_key}  # variable -> name of a secret; never a value
    capacity:
      on_demand: {base: 1, weight: 0}   # the first task is never interrupted
      spot: {weight: 1}      # all others are cheaper, and may be interrupted
    scaling:
      min: 1
      max: 2
      target_cpu_percent: 80
      schedule:              # outside the windows no tasks run, and tasks cost nothing
        timezone: $timezone
        windows:
          - {days: MON-FRI, from: "07:00", to: "20:00"}
    uses:
      database: connect      # opens the port, grants the secret, sets DATABASE_HOST and similar variables
      media: read_write      # grants access, sets MEDIA_BUCKET

  database: {kind: rds, instance_class: db.t4g.micro, storage_gb: 20}
  media: {kind: s3, purpose: media}
  zone: {kind: dns}

traffic:                     # the basis of the bill
  demand:
    web: {profile: business_hours, timezone: $timezone, peak_requests_per_s: 2, cpu_s_per_request: 0.05}
  usage:
    media: {stored_gb: 10}

environments:                # changes to all of the above; null removes a value
  prod: {}
  staging:
    components:
      zone: {existing: true} # prod owns it
      alb: {hostname: www-staging.$domain, deletion_protection: false}
      database: {deletion_protection: false, final_snapshot: false, backup_retention_days: 1}
""")


def template(name: str, domain: str, region: str, timezone: str, file: str, schema: str) -> str:
    """The text of a new spec, which has no finding."""
    return _TEMPLATE.substitute(
        name=name,
        domain=domain,
        region=region,
        timezone=timezone,
        file=one_line(file),
        schema=schema,
    )
