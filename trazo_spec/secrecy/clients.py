"""Passwords behind the options of well-known programs, of which no name tells."""

import re
from collections.abc import Iterator

from trazo_spec.secrecy.names import stands_for_none
from trazo_spec.secrecy.secret import Secret
from trazo_spec.secrecy.values import TEMPLATE, bare

_WORD = r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&\"'<>]+)"
_USER_AND = r"[\"']?[^\s:\"';|&]{1,200}[:%,](?P<value>[^\s\"';|&]{1,500})"
_ARGUMENT = r"(?:\s+-\S{1,80}){0,5}\s+"
_CLIENTS = (
    (
        r"mysql|mysqldump|mysqladmin|mysqlimport|mysqlcheck|mysqlsh|mysqlshow|mariadb"
        r"|mariadb-dump|mariadb-admin|mariadb-check|mycli|xtrabackup|mariabackup",
        rf"\s-p{_WORD}",
    ),
    (r"redis-cli|valkey-cli|keydb-cli|redis-benchmark", rf"\s(?:-a|--pass)[ =]?{_WORD}"),
    (r"mysqladmin", rf"\spassword\s+{_WORD}"),
    (r"curl", rf"\s--oauth2-bearer[ =]{_WORD}"),
    (r"redis-cli|valkey-cli|keydb-cli", rf"\s(?:AUTH|auth)\s+(?:[\w.-]{{1,60}}\s+(?=\w))?{_WORD}"),
    (
        r"mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport|mongostat|mongotop",
        rf"\s-p ?{_WORD}",
    ),
    (
        r"docker|podman|nerdctl|buildah|helm|skopeo|crane|oras|az|oc|argocd|cf|ibmcloud|confluent",
        rf"\slogin\s(?:[^\n]{{0,300}}?\s)?-p[ =]?{_WORD}",
    ),
    (
        r"sshpass|cqlsh|rabbitmqadmin|cypher-shell|couchbase-cli|twine|beeline|ncftpput|ncftpget"
        r"|rdesktop|elasticsearch-users|add-user.sh|add-user-keycloak.sh|kcadm.sh|wlst.sh",
        rf"\s-p[ =]?{_WORD}",
    ),
    (r"plink|pscp|psftp", rf"\s-pw {_WORD}"),
    (r"sshpass|7z|7za|7zz", rf"\s-p{_WORD}"),
    (r"rar|unrar", rf"\s-h?p{_WORD}"),
    (
        r"curl|wget2|hurl",
        rf"\s(?:-\w{{0,8}}u ?|--user[ =]|--proxy-user[ =]|-U ?|--cert[ =]|-E ?){_USER_AND}",
    ),
    (r"curl", r"\s(?:-b|--cookie)[ =]?[\"']?[\w.-]{1,80}=(?P<value>[^\s\"';|&]{16,2000})"),
    (r"http|https|httpie|xh|xhs", rf"\s(?:-a|--auth)[ =]?{_USER_AND}"),
    (r"etcdctl|flower", rf"\s--(?:user|basic[-_]auth)[ =]{_USER_AND}"),
    (r"skopeo|podman|buildah", rf"\s--(?:src-|dest-)?creds[ =]{_USER_AND}"),
    (r"smbclient|rpcclient|lftp|ftp|ab|siege", rf"\s(?:-U|-u|-A) ?{_USER_AND}"),
    (
        r"sqlcmd|bcp|isql|tsql|osql|mosquitto_pub|mosquitto_sub|zip|unzip|pcli|wrk|ipmitool",
        rf"\s-P ?{_WORD}",
    ),
    (
        r"ldapsearch|ldapadd|ldapmodify|ldapdelete|ldapwhoami|ldappasswd|ldapcompare"
        r"|squidclient",
        rf"\s-w ?{_WORD}",
    ),
    (r"snmpget|snmpwalk|snmpset|snmpbulkwalk|snmptrap", rf"\s-[cAX] ?(?!public\b){_WORD}"),
    (
        r"htpasswd|mosquitto_passwd",
        rf"\s-\w{{0,8}}b\w{{0,8}}\s+\S{{1,200}}\s+\S{{1,200}}\s+{_WORD}",
    ),
    (r"htpasswd", rf"\s-(?=\w{{0,8}}b)(?=\w{{0,8}}n)\w{{2,8}}\s+\S{{1,200}}\s+{_WORD}"),
    (
        r"sqlplus|sqlldr|expdp|impdp|rman",
        r"\s[\w$#.]{1,60}/(?P<value>[^\s@/\"']{1,200})(?=@|\s|\Z)",
    ),
    (r"db2", rf"\suser\s+\S{{1,60}}\s+using\s+{_WORD}"),
    (r"vault|bao", rf"\slogin{_ARGUMENT}(?P<value>[^\s=\"'-][^\s=\"']*)(?=\s|\Z)"),
    (r"doctl|codecov|codecovcli", rf"\s(?:-t|--token|--access-token)[ =]{_WORD}"),
    (r"netlify|vercel|surge", rf"\s(?:--auth|--token|-t)[ =]{_WORD}"),
    (r"influx|steghide|odoo", rf"\s-[pw][ =]{_WORD}"),
    (r"slappasswd", rf"\s-s ?{_WORD}"),
    (r"kadmin|kadmin.local", rf"\s-(?:w|pw) {_WORD}"),
    (r"qpdf", rf"\s--encrypt\s+{_WORD}"),
    (r"qpdf", rf"\s--encrypt\s+\S{{1,200}}\s+(?!--){_WORD}"),
    (r"cargo", rf"\slogin\s+(?:--registry[ =]\S{{1,80}}\s+)?(?!-){_WORD}"),
    (r"ngrok|snyk|railway", rf"\s(?:authtoken|auth|add-authtoken){_ARGUMENT}{_WORD}"),
    (r"gcloud", rf"\sactivate-refresh-token\s+\S{{1,200}}\s+{_WORD}"),
    (r"rabbitmqctl", rf"\s(?:add_user|change_password)\s+\S{{1,200}}\s+{_WORD}"),
    (r"neo4j-admin", rf"\sset-initial-password\s+{_WORD}"),
    (
        r"mc",
        rf"\s(?:alias\s+set|config\s+host\s+add)\s+\S{{1,80}}\s+\S{{1,300}}\s+\S{{1,200}}\s+{_WORD}",
    ),
    (
        r"poetry|composer",
        rf"\sconfig{_ARGUMENT}(?:pypi-token|github-oauth|gitlab-token|bearer)\.\S{{1,80}}\s+{_WORD}",
    ),
    (
        r"poetry|composer",
        rf"\sconfig{_ARGUMENT}http-basic\.\S{{1,80}}\s+\S{{1,200}}\s+{_WORD}",
    ),
    (r"bundle", rf"\sconfig(?:\s+set)?{_ARGUMENT}[\w-]{{1,80}}\.\S{{1,80}}\s+{_USER_AND}"),
    (r"dotnet|nuget", rf"\spush\s[^\n;|]{{0,300}}?\s?(?:-k|-ApiKey)[ =]{_WORD}"),
    (
        r"aws",
        rf"\sput-parameter\s(?=[^\n]{{0,500}}SecureString)[^\n]{{0,300}}?--value[ =]{_WORD}",
    ),
    (r"gh|glab", rf"\ssecret\s+set\s[^\n;|]{{0,200}}?(?:-b|--body)[ =]{_WORD}"),
    (r"radtest", rf"\s+(?:-\S{{1,10}}\s+){{0,4}}\S{{1,80}}\s+{_WORD}"),
    (r"xfreerdp|wfreerdp|mstsc|signtool", rf"\s/p[ :]{_WORD}"),
    (r"net", rf"\suser\s+[\w.-]{{1,80}}\s+(?![/*]){_WORD}(?=\s+/)"),
    (r"wpa_passphrase", rf"\s+\S{{1,80}}\s+{_WORD}"),
    (r"ldappasswd", rf"\s-[sa] ?{_WORD}"),
    (
        r"openssl",
        rf"\spasswd(?:\s+-salt\s+\S{{1,40}}|\s+-\w{{1,10}}){{0,5}}\s+(?!-){_WORD}",
    ),
    (r"npm|pnpm|yarn", rf"\sset\s+\S{{1,300}}:_(?:authToken|password|auth)[ =]{_WORD}"),
    (r"openssl", rf"\senc\s[^\n;|]{{0,300}}?\s?-k\s+{_WORD}"),
    (r"ssh-keygen|dropbearkey", rf"\s-N ?{_WORD}"),
    (r"net", rf"\suse\s+(?:\w:\s+)?\\{{2,8}}\S{{1,200}}\s+(?![/*]){_WORD}(?=\s+/user:)"),
    (r"net", rf"\suse\s[^\n]{{0,300}}?/user:\S{{1,80}}\s+{_WORD}"),
    (
        r"chpasswd",
        r"[^\n|;]{0,80}<<<\s*[\"']?[^\s:\"']{1,64}:(?P<value>[^\s\"';|&]{1,200})",
    ),
    (
        r"passwd|ssh-add|vncpasswd|smbpasswd|openconnect|kinit|cryptsetup|sudo|su|gh|docker|podman|helm|aws|gpg|openssl",
        rf"[^\n|;]{{0,200}}<<<\s*{_WORD}",
    ),
    (
        r"echo|printf|yes",
        r"\s(?:-n\s+)?(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s;|&]+)\s*\|\s*"
        r"(?=[^|;\n]{0,120}--?password-stdin|[^|;\n]{0,80}passwd|sudo -S)",
    ),
)
_COMMANDS = tuple(
    (tuple(clients.split("|")), re.compile(rf"(?<![\w.-])(?:{clients})(?=\s)"), re.compile(option))
    for clients, option in _CLIENTS
)
_COMMAND_END = re.compile(r"[\n;]|&&|\|\|")
_MOST_OF_COMMAND = 65_536


def of_commands(text: str) -> Iterator[Secret]:
    """Passwords behind the options of well-known clients."""
    for clients, called, option in _COMMANDS:
        if not any(client in text for client in clients):
            continue
        past = 0
        for client in called.finditer(text):
            if client.end() < past:
                continue
            stop = _COMMAND_END.search(text, client.end(), client.end() + _MOST_OF_COMMAND)
            past = stop.start() if stop else min(len(text), client.end() + _MOST_OF_COMMAND)
            for match in option.finditer(text, client.end(), past):
                start, end = bare(match, "value")
                if not stands_for_none(text[start:end]) and not TEMPLATE.match(text[start:end]):
                    yield Secret(start, end, "a command with a password")
