"""Names in other languages, and names in other letters that look like ours."""

import unicodedata

# Letters of Cyrillic and Greek that look like ours, and ours that Unicode does not take apart.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУԚԜаеѕіјорсхуԛԝҺһΑΒΕΖΗΙΚΜΝΟΡΤΥΧνορυŁłØøÐđĐı",
    "ABESIJKMHOPCTXYQWaesijopcxyqwHhABEZHIKMNOPTYXvopuLlOoDdDi",
)


def plain_letters(name: str) -> str:
    """A name without accents, and with our letters where others only look like them.

    >>> plain_letters("CONTRASEÑA"), plain_letters("P\u0410SSW\u041eRD")
    ('CONTRASENA', 'PASSWORD')
    """
    if name.isascii():
        return name
    apart = unicodedata.normalize("NFKD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_LOOK_ALIKES)


def _words(text: str) -> frozenset[str]:
    return frozenset(plain_letters(text).upper().split())


WORDS = _words(
    "PASSWORT KENNWORT GEHEIMNIS ZUGANGSDATEN"  # German
    " MOTDEPASSE MDP"  # French
    " CONTRASENA CONTRASENYA CONTRASINAL"  # Spanish, Catalan, Galician
    " SENHA SEGREDO PALAVRAPASSE"  # Portuguese
    " WACHTWOORD LOSENORD PASSORD ADGANGSKODE KODEORD SALASANA LYKILORD"  # Dutch, Nordic
    " HESLO GESLO LOZINKA JELSZO"  # Czech, Slovene, Croatian, Hungarian
    " PAROLACHIAVE KATASANDI MATKHAU"  # Italian, Indonesian, Vietnamese
    " ПАРОЛЬ \u0421\u0415\u041a\u0420\u0415\u0422 ΚΩΔΙΚΟΣ"  # Russian, Greek
    " 密码 密碼 口令 パスワード 暗証番号 비밀번호 암호"  # Chinese, Japanese, Korean
)
"""Words that mean a password or a secret and nothing else."""
UNSPACED = frozenset(word for word in WORDS if max(word) >= "\u3000")
"""Those of languages that put no space between words."""
MAYBE = _words("HASLO PAROL PAROLA PAROLE SIFRE CLAVE CHAVE CLE SCHLUESSEL SCHLUSSEL PASSE KLUCZ")
"""Words that also mean a key, an entry or a word: the value has to tell."""
PHRASES = (
    r"MOT_DE_PASSE|MOTS_DE_PASSE|PALABRA_DE_PASO|PALAVRA_PASSE|KATA_SANDI|MAT_KHAU"
    r"|CLAVE_(?:SECRETA|PRIVADA)|CHAVE_(?:SECRETA|PRIVADA)|CLE_(?:SECRETE|PRIVEE)"
    r"|CHIAVE_(?:SEGRETA|PRIVATA)|GEHEIM(?:ER|ES)?_?SCHLU?E?SSEL"
)
"""Secrets of several words, joined as `_words` of `names.py` joins them."""
