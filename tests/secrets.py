"""Texts that hold secrets, and texts that only look so, as real specifications have them.

Each secret is put together here from parts, so that no line of this file is one; `«` and `»`
stand around the characters that nobody may see.
"""

import base64
from itertools import cycle, islice
from urllib.parse import quote

_ALPHABET = "q7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDaP5oXtVyK"
PW = "hunter2" + "Secret"
"""A password as people choose them."""


def made(length: int, alphabet: str = _ALPHABET) -> str:
    """Characters as chance would have them, always the same."""
    return "".join(islice(cycle(alphabet), length))


def hexadecimal(length: int) -> str:
    return made(length, "3fa9c07d51be8264")


def token(start: str, length: int, alphabet: str = _ALPHABET) -> str:
    return f"«{start}{made(length, alphabet)}»"


def encoded(text: str) -> str:
    return f"«{base64.b64encode(text.encode()).decode()}»"


_UPPER = "Q7JX2VTMZ8SLW4RKY6UB3NE9"
_SIGNED = f"«eyJ{made(30)}.eyJ{made(40)}.{made(43)}»"
_BODY = "\n".join(made(64) for _ in range(4))
_PEM = f"-----BEGIN RSA PRIVATE {'KEY'}-----\n{_BODY}\n-----END RSA PRIVATE {'KEY'}-----"
_DER = b"0\x82\x04\xbd\x02\x01\x000\x0d" + bytes(range(1, 120))

NAMED = (
    "PGPASSWORD",
    "DB_PASS",
    "SECRETKEY",
    "API_KEY_V2",
    "JWT_SECRET_VALUE",
    "MYSQL_PWD",
    "passwd",
    "passphrase",
    "apiToken",
    "client-secret",
    "AWS_SECRET_ACCESS_KEY",
    "credentials",
    "DB_PASSWORD_OLD",
    "TOKEN_PROD",
    "APP_SECRET_BASE64",
    "dbPassword",
    "STRIPE_API_KEY",
    "REDIS_AUTH_TOKEN",
    "SECRET_KEY_BASE",
    "ENCRYPTION_KEY",
    "SESSION_SECRET",
    "SMTP_PASS",
    "ADMIN_PW",
    "PRIVATE_KEY",
    "MASTER_KEY",
    "COOKIE_SECRET",
    "OAUTH_CLIENT_SECRET",
    "WEBHOOK_SECRET",
    "DBPASSWORD",
    "ApiKey2",
    "LDAP_BIND_PASSWORD",
    "FERNET_KEY",
    "GITHUB_PAT",
    "SIGNING_KEY_PREVIOUS",
    "auth",
    "MYSQL_ROOT_PASSWORD",
    "POSTGRES_PASSWORD_1",
    "ACCESS_KEY_SECRET",
    "KEYSTORE_PASSWORD",
    "STOREPASS",
    "TWILIO_AUTH_TOKEN",
    "password_for_reports",
)
"""Variables of which the name tells."""

BY_VALUE = (
    # URLs
    f"POSTGRES://app:«{PW}»@db.acme.io/app",
    f"postgresql+psycopg://app:«{PW}»@db.acme.io:5432/app?sslmode=require",
    f"redis://:«{PW}»@cache.acme.io:6379/0",
    f"rediss://default:«{PW}»@cache.acme.io:6379",
    f"amqps://app:«{PW}»@mq.acme.io/vhost",
    f"mongodb+srv://app:«{PW}»@cluster0.acme.mongodb.net/app",
    f"mongodb://app:«{PW}»@a.acme.io:27017,b.acme.io:27017/app",
    f"https://ci:«{PW}»@git.acme.io/app.git",
    f"https://«{made(40)}»@git.acme.io/app.git",
    f"ftp://app:«{PW}/x»@files.acme.io/in",
    f"smtp://app:«{PW}%40%2F»@mail.acme.io:587",
    f"https://{hexadecimal(32)}:«{hexadecimal(32)[::-1]}»@sentry.acme.io/4",
    f"clickhouse://app:«{PW}»@ch.acme.io:9000/logs",
    f"see HTTPS://app:«{PW}»@api.acme.io",
    "«" + quote(f"postgres://app:{PW}@db.acme.io/app", safe="") + "»",
    f"jdbc:postgresql://db.acme.io/app?user=app&password=«{PW}»&ssl=true",
    f"jdbc:sqlserver://db.acme.io:1433;databaseName=app;user=app;password=«{PW}»;encrypt=true",
    # connection strings
    f"host=db.acme.io port=5432 user=app password=«{PW}»",
    f"host=db password='«{PW} with space»' dbname=app",
    f"Server=db.acme.io;Database=app;User Id=app;Password=«{PW}»;",
    f"Driver={{ODBC Driver 18}};Server=db;Uid=app;Pwd=«{PW}»;Encrypt=yes",
    f"cache.acme.io:6380,password=«{PW}»,ssl=True,abortConnect=False",
    f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=«{made(86)}==»;EndpointSuffix=x",
    f"Endpoint=sb://acme.servicebus/;SharedAccessKeyName=Root;SharedAccessKey=«{made(43)}=»",
    f"https://acme.blob.core.windows.net/c?sv=2024-11-04&se=2027-01-01&sr=c&sig=«{made(43)}%3D»",
    f"app/«{PW}»@//db.acme.io:1521/ORCL".join(("sqlplus ", "")),
    # JSON, YAML and lines of a .env
    f'{{"password": "«{PW}»"}}',
    f'{{"user": "app", "db": {{"pass": "«{PW}»", "port": 1}}}}',
    f'{{\\"apiKey\\": \\"«{PW}»\\"}}',
    f"{{'client_secret': '«{PW}»'}}",
    f"user: app\npassword: «{PW}»\n",
    f"{{user: app, password: «{PW}»}}",
    f"DEBUG=1\nDB_PASSWORD=«{PW}»\nPORT=80",
    f"export API_TOKEN='«{PW}»'",
    f'[db]\nuser = app\npassword = "«{PW}»"',
    f"-Djavax.net.ssl.keyStorePassword=«{PW}»",
    f"//npm.acme.io/:_authToken=«{PW}»",
    f"machine git.acme.io login ci password «{PW}»",
    f"db.acme.io:5432:app:app:«{PW}»",
    # headers
    f"Authorization: Bearer «{made(32)}»",
    "Authorization: Basic " + encoded(f"app:{PW}"),
    f"X-Api-Key: «{made(32)}»",
    f"Bearer «{made(40)}»",
    f'{{"Authorization": "Token «{made(40)}»"}}',
    # commands
    f"mysql -h db.acme.io -u app -p«{PW}» app",
    f"mysqldump --password=«{PW}» app",
    f"PGPASSWORD=«{PW}» psql -h db.acme.io",
    f"redis-cli -h cache -a «{PW}» ping",
    f"curl -u me:«{PW}» https://api.acme.io",
    f"curl -s --user 'me:«{PW}»' https://api.acme.io",
    f"curl -H 'X-Auth-Token: «{made(24)}»' https://api.acme.io",
    f"wget --password «{PW}» https://api.acme.io",
    f"wget --http-password=«{PW}» https://api.acme.io",
    f"sshpass -p «{PW}» ssh app@host",
    f"sshpass -p'«{PW}»' ssh app@host",
    f"docker login -u app -p «{PW}» registry.acme.io",
    f"echo «{PW}» | docker login -u app --password-stdin registry.acme.io",
    f"mongosh --host db -u app -p «{PW}»",
    f"openssl rsa -in k.pem -passin pass:«{PW}»",
    f"redis-server --requirepass «{PW}»",
    f"sqlcmd -S db -U sa -P «{PW}»",
    f"ldapsearch -x -D cn=app -w «{PW}»",
    f"http -a me:«{PW}» api.acme.io",
    f"aws configure set aws_secret_access_key «{made(40)}»",
    f"app --db-password «{PW}» --verbose",
    f"keytool -storepass «{PW}» -list",
    # keys and tokens by their form
    token("AKIA", 16, _UPPER),
    token("ASIA", 16, _UPPER),
    token("gh" + "p_", 36),
    token("gh" + "s_", 36),
    token("github_" + "pat_", 60),
    token("gl" + "pat-", 20),
    token("xo" + "xb-123456789012-", 24),
    token("xa" + "pp-1-A0", 24),
    f"https://hooks.slack.com/services/«T{_UPPER[:8]}/B{_UPPER[:8]}/{made(24)}»",
    f"https://discord.com/api/webhooks/«123456789012345678/{made(60)}»",
    token("sk_" + "live_", 24),
    token("rk_" + "live_", 24),
    token("wh" + "sec_", 32),
    f"«SG.{made(22)}.{made(43)}»",
    f"«SK{hexadecimal(32)}»",
    f"«key-{hexadecimal(32)}»",
    f"«{hexadecimal(32)}-us12»",
    token("sk-" + "proj-", 48),
    token("sk-" + "ant-api03-", 80),
    token("sk-", 48),
    token("h" + "f_", 34, "qTJxvTmZsLwRkYuBnE"),
    token("py" + "pi-AgEIcHlwaS5vcmc", 80),
    token("npm" + "_", 36),
    token("dop" + "_v1_", 64, "3fa9c07d51be8264"),
    token("AI" + "za", 35),
    token("GOC" + "SPX-", 28),
    f"«{made(14)}.atlasv1.{made(67)}»",
    token("hv" + "s.", 95),
    f"«1234567890:AA{made(33)}»",
    token("NR" + "AK-", 27, _UPPER),
    f"«{hexadecimal(36)}NR{'AL'}»",
    token("dck" + "r_pat_", 27),
    token("da" + "pi", 32, "3fa9c07d51be8264"),
    token("gl" + "sa_", 41),
    token("AGE-SECRET-" + "KEY-1", 58, _UPPER),
    token("shp" + "at_", 32, "3fa9c07d51be8264"),
    token("lin_" + "api_", 40),
    token("django-" + "insecure-", 40),
    token("AKC" + "p", 69),
    token("EAA" + "C", 100),
    token("gs" + "k_", 52),
    token("sntr" + "ys_", 60),
    f"{_SIGNED}",
    f"«$2b$12${made(53)}»",
    f"«-----BEGIN PRIVATE {'KEY'}-----\\n{made(64)}\\n-----END PRIVATE {'KEY'}-----»",
    f"«{_PEM}»",
    encoded(_PEM),
    f"«{base64.b64encode(_DER).decode()}»",
    encoded(f'{{"password": "{PW}"}}'),
    f'{{"type": "service_account", "private_key": "«{_PEM}»"}}'.replace("\n", "\\n"),
    f"«abc8Q~{made(34)}»",
)
"""Values of variables with a neutral name."""

HARMLESS = (
    ("PASSWORD_RESET_URL", "https://acme.io/reset"),
    ("SECRET_KEY_FILE", "/run/secrets/key"),
    ("TOKEN_TTL", "3600"),
    ("PASSWORD_MIN_LENGTH", "12"),
    ("AUTH_ENABLED", "true"),
    ("TOKENIZERS_PARALLELISM", "false"),
    ("KEYCLOAK_URL", "https://sso.acme.io/realms/acme"),
    ("SECRET_NAME", "acme/prod/db"),
    ("SECRET_ARN", "arn:aws:secretsmanager:us-east-2:123456789012:secret:db-a1B2c3"),
    ("DB_PASSWORD", "arn:aws:secretsmanager:us-east-2:123456789012:secret:db-a1B2c3"),
    ("API_KEY_HEADER", "X-Api-Key"),
    ("API_KEY_ID", "a1b2c3d4"),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", "30"),
    ("JWT_ALGORITHM", "RS256"),
    ("JWT_ISSUER", "https://sso.acme.io"),
    (
        "JWT_PUBLIC_KEY",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----",
    ),
    ("TLS_CERT", "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIE\n-----END CERTIFICATE-----"),
    ("SSH_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ1n me@acme.io"),
    ("STRIPE_PUBLISHABLE_KEY", "pk_live_51Hxxxxxxyyyyyy"),
    ("STRIPE_API_KEY", "pk_test_51Hxxxxxxyyyyyy"),
    ("NEXT_PUBLIC_MAPS_API_KEY", "pk.abc"),
    ("IMAGE", f"acme/web@sha256:{hexadecimal(64)}"),
    ("GIT_SHA", hexadecimal(40)),
    ("REVISION", hexadecimal(12)),
    ("CHECKSUM", hexadecimal(64)),
    ("RESOURCE_ID", "0b6cba51-8e5c-4f2e-9a63-3a3b1f4f9a11"),
    ("INTEGRITY", "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"),
    ("CSP", "script-src 'self' 'sha256-q7Jx0vT2mZ8sLw4RkY6uB1nE9cHf3gDaP5oXtVyKq7I='"),
    ("CSP_NONCE", "script-src 'nonce-rAnd0mNonce123456'"),
    ("S3_KEY", "uploads/2026/report.pdf"),
    ("SENTRY_DSN", f"https://{hexadecimal(32)}@o1071790.ingest.sentry.io/45"),
    ("SENTRY_OWN", f"https://{hexadecimal(32)}@sentry.acme.io/5"),
    ("DB_PASSWORD_REF", "${DB_PASSWORD}"),
    ("DB_PASSWORD", "${DB_PASSWORD}"),
    ("DB_PASSWORD", "$DB_PASSWORD"),
    ("DB_PASSWORD", "$(cat /run/secrets/db)"),
    ("DB_PASSWORD", "{{ db_password }}"),
    ("DB_PASSWORD", "<password>"),
    ("DB_PASSWORD", "/run/secrets/db_password"),
    ("DB_PASSWORD", ""),
    ("DB_PASSWORD", "********"),
    ("DB_PASSWORD", "ssm:/acme/db/password"),
    ("API_TOKEN", "op://vault/item/token"),
    ("DATABASE_URL", "postgres://db.acme.io:5432/app"),
    ("DATABASE_URL", "postgres://app:${DB_PASSWORD}@db.acme.io/app"),
    ("DATABASE_URL", "postgres://app:{password}@db.acme.io/app"),
    ("DATABASE_URL", "postgres://app@db.acme.io/app"),
    ("LOCAL_URL", "amqp://guest:guest@localhost:5672"),
    ("LOCAL_URL", "redis://:x@127.0.0.1:6379"),
    ("PACKAGE_URL", "https://cdn.acme.io:8443/@acme/app"),
    ("DSN", "host=db.acme.io user=app dbname=app sslmode=require"),
    ("DSN", "host=db password=$DB_PASSWORD dbname=app"),
    ("SETTINGS", '{"password_min_length": 12, "token_ttl_s": 60}'),
    ("SETTINGS", '{"password": "${DB_PASSWORD}"}'),
    ("SETTINGS", '{"secretName": "acme/db", "auth": "oauth2"}'),
    ("AUTH", "basic"),
    ("AUTH_TYPE", "oauth2"),
    ("AUTH_PROVIDER", "cognito"),
    ("AUTH_URL", "https://sso.acme.io/oauth2/token"),
    ("OAUTH_TOKEN", "https://login.acme.io/token"),
    ("REQUIRE_PASSWORD", "true"),
    ("ENABLE_API_KEY", "1"),
    ("MAX_TOKENS", "4096"),
    ("MAX_TOKEN", "4096"),
    ("TOKEN_LIMIT", "128000"),
    ("PASSWORD_HASHERS", "django.contrib.auth.hashers.Argon2PasswordHasher"),
    ("AUTH_PASSWORD_VALIDATORS", "acme.validators.Strong1"),
    ("AUTHENTICATION_BACKENDS", "django.contrib.auth.backends.ModelBackend"),
    ("PASS_THROUGH", "on"),
    ("COMPASS", "north2"),
    ("BYPASS_CACHE", "true"),
    ("MONKEY", "banana7split"),
    ("KEYBOARD", "qwerty1"),
    ("PARTITION_KEY", "customer_id"),
    ("SORT_KEY", "created_at"),
    ("CACHE_KEY_PREFIX", "acme:v2:"),
    ("KMS_KEY_ID", "1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("KMS_KEY_ARN", "arn:aws:kms:us-east-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("AUTHOR", "Ada Lovelace 1843"),
    ("SECRETARY", "Grace1906"),
    ("TOKENS_PER_MINUTE", "90000"),
    ("SESSION_COOKIE_NAME", "__Host-sid1"),
    ("CSRF_HEADER", "X-CSRF-Token"),
    ("COMMAND", "psql -h db.acme.io -p 5432 -U app"),
    ("COMMAND", "docker run -p 8080:80 acme/web:1"),
    ("COMMAND", "ssh -p 2222 app@host"),
    ("COMMAND", "mkdir -p /var/log/app && mysql --protocol=tcp -P 3306"),
    ("COMMAND", "curl -u $USER:$PASSWORD https://api.acme.io"),
    ("COMMAND", "gunicorn acme.wsgi -b 0.0.0.0:8000 --access-logfile -"),
    ("HELP", "the password must have 12 characters; token: see the wiki"),
    ("DISTRIBUTION", "E1A2B3C4D5E6F7"),
    ("BUCKET", "acme-prod-uploads-us-east-2-123456789012"),
    ("QUEUE_URL", "https://sqs.us-east-2.amazonaws.com/123456789012/jobs"),
    ("ROLE", "arn:aws:iam::123456789012:role/service-role/AWSReservedSSO_Admin_a1b2c3d4e5f60718"),
    ("JAVA_OPTS", "-Xmx512m -XX:MaxRAMPercentage=75.0 -Dspring.profiles.active=prod"),
    ("NODE_OPTIONS", "--max-old-space-size=4096"),
    ("ALLOWED_HOSTS", "api.acme.io,www.acme.io"),
    ("MODULE_NAME", "com.acme.billing.InvoiceServiceFactoryBean2"),
)
"""Variables with a value that is no secret, whatever it looks like."""


def parts(text: str) -> tuple[str, list[str]]:
    """A text without its marks, and what stood between them."""
    plain = text.replace("«", "").replace("»", "")
    return plain, [piece.partition("»")[0] for piece in text.split("«")[1:]]


def shown_characters(secret: str) -> list[str]:
    """The pieces of a secret that betray it: its lines."""
    lines = secret.replace("\\n", "\n").split("\n")
    return [line for line in lines if len(line) >= 4 and not line.startswith("-----")]
