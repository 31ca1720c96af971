"""The one table of names: what a field, parameter, header, element or line is called that holds a secret or a person.

Recorder and scan read it, whatever carries the name. All names are in plain spelling: ``access_token``,
``Access-Token`` and ``accessToken`` are ``accesstoken``. Contract 12.3 is the source for MPSD's own names. RFC 6749,
7521, 7636, 8628 and OpenID Connect are the sources for sign-in. For the others, the sources are the public pages of
the issuers of the secrets:

- Azure: ``Ocp-Apim-Subscription-Key`` https://learn.microsoft.com/azure/api-management/api-management-subscriptions,
  ``x-functions-key`` https://learn.microsoft.com/azure/azure-functions/function-keys-how-to,
  ``AccountKey`` https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string;
- AWS: ``X-Amz-Signature``
  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html;
- PlayFab: ``X-Authorization``, ``SessionTicket``
  https://learn.microsoft.com/rest/api/playfab/client/authentication;
- SAML: https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf (``SAMLResponse``).
"""

from __future__ import annotations

SECRET = frozenset(
    {
        "accountkey", "apikey", "apikeys", "apitoken", "applicationkey", "assertion", "authcode",
        "authenticationtoken", "authheader", "authkey", "authorization", "authorizationcode", "backupcode",
        "backupcodes", "bearer", "bearerauth", "channeluri", "clientassertion", "clientkey", "clientsecret",
        "codeverifier", "consumerkey", "cookie", "cookies", "credential",
        "credentials", "csrf", "csrfmiddlewaretoken", "cvc", "cvv", "cvv2", "devicecode", "encryptionkey",
        "entitytoken", "functionkey", "functionskey", "hmac", "hmackey", "hostkey", "identitytoken",
        "idtokenhint", "jsessionid", "jwe", "jws", "jwt", "logintoken", "masterkey", "mfacode", "mnemonic",
        "nonce", "nonces", "npsso", "ocpapimsubscriptionkey", "onetimecode", "onetimepassword", "otp", "otpcode",
        "otpseed", "passcode", "passphrase", "passwd", "password", "passwordhash", "passwordsalt", "phpsessid", "pin",
        "pincode", "ppft", "presharedkey", "privatekey", "proofkey", "psk", "pwd", "recoverycode",
        "recoverycodes", "recoverykey", "refreshtoken", "roblosecurity", "rpsticket", "samlrequest",
        "samlresponse", "sastoken", "secret", "secretkey", "secrets", "securitycode", "seedphrase",
        "sessioncookie", "sessionkey", "sessionsecret", "sessionticket", "setcookie", "sharedaccesskey",
        "sharedkey", "sharedsecret", "signature", "signedurl", "signingkey", "sshkey", "storagekey",
        "subscriptionkey", "ticket", "tokensecret", "totp", "totpseed", "usercode", "verificationcode",
        "webhooksecret", "wresult", "xapikey", "xauthorization", "xblsignature", "xcsrf", "xfunctionskey", "xsrf",
        "xsts", "xststoken",
    }
)  # fmt: skip
"""Names of secrets."""

SECRET_AS_SPELLED = frozenset({"DeviceToken"})
"""Names that are secret in this spelling alone: MPSD's ``deviceToken`` is an id, that of sign-in opens something."""

SECRET_ENDS = (
    "accesskey", "accountkey", "adminpass", "apikey", "apikeys", "assertion", "authcode", "authkey", "authorization",
    "clientkey", "cookie", "cookies", "credential", "credentials", "cryptokey", "databasepass", "dbpass",
    "encryptionkey", "functionskey", "hmackey", "licensekey", "masterkey", "nonce", "passcode", "passphrase",
    "passwd", "password", "passwords", "privatekey", "proxypass", "pwd", "rconpass", "redispass",
    "rootpass", "secret", "secretkey", "secrets", "sessionkey",
    "sharedkey", "signature", "signingkey", "smtppass", "sqlpass", "storagekey",
    "subscriptionkey", "ticket", "tickets", "token", "tokens", "userpass",
)  # fmt: skip
"""What names of secrets end with: ``twitch_oauth_token``, ``X-Amz-Signature``."""

PLURALS = ("tokens", "tickets", "secrets", "cookies", "passwords", "credentials", "keys")
"""The ends of names that count secrets where they have a number: ``total_tokens``."""

SECRET_IN_FORMS = frozenset({"canary", "code", "key", "otc", "sas", "sid", "sig"})
"""Names that are secret in a query or a form, and harmless words in MPSD's own JSON."""

SECRET_WHERE_OPAQUE = frozenset(
    {
        "access", "code", "codechallenge", "key", "pass", "session", "sessionid", "sid", "sig", "state", "xsession",
    }
)  # fmt: skip
"""Names that are secret where what they name looks drawn by chance: ``session_id``, ``key``. A GUID, a word and a
number do not."""

OBJECTS = frozenset({"blobkey", "objectkey", "s3key", "s3objectkey"})
"""Names of names: of an object in a store of objects."""

NO_LIMIT = frozenset({"auto", "inf", "infinity", "unlimited"})
"""What stands where a number counts, and there is no limit."""

SECRET_WHERE_OPAQUE_ENDS = (
    "auth", "connectionstring", "connstr", "creds", "hmac", "key", "keys", "otp", "pass", "sessionid", "sig",
)  # fmt: skip

PAGES = frozenset(
    {
        "cancellationtoken", "changetoken", "continuationtoken", "cursortoken", "deltatoken", "nextpagetoken",
        "nexttoken", "pagetoken", "pagingtoken", "resumetoken", "sequencetoken", "skiptoken", "starttoken",
        "synctoken",
    }
)  # fmt: skip
"""Names of places in a list, which end as names of secrets do: secret where they look drawn by chance."""

ASSERTIONS = frozenset({"samlrequest", "samlresponse", "wresult"})
"""Names of secrets whose signature is what opens something: unsigned, they are documents."""

ROUTES = frozenset(
    {
        "addr",
        "avatar",
        "bio",
        "cell",
        "chat",
        "connection",
        "coordinates",
        "email",
        "geo",
        "geolocation",
        "gps",
        "host",
        "hostname",
        "ip",
        "location",
        "login",
        "mac",
        "mail",
        "mailto",
        "mobile",
        "phone",
        "sender",
        "street",
        "tel",
        "telephone",
        "zip",
    }
)
"""Names of people's things that are also words of addresses: ``/login`` does not answer with a name."""

XUIDS = frozenset({"hostid", "initiators", "ownerid", "sessionowners", "xboxid", "xboxuserid", "xid"})
GAMERTAGS = frozenset(
    {
        "accountname", "appdisplayname", "contactname", "displayname", "familyname", "firstname", "fullname",
        "gamedisplayname", "givenname", "gtag", "gtg", "handlename", "hostname", "lastname", "legalname", "mgs",
        "mgt", "middlename", "nickname", "onlineid", "personaname", "playername", "realname", "screenname",
        "sender", "surname", "umg",
    }
)  # fmt: skip
"""Names of people by what they are called: by their gamertag first of all."""

IDS = frozenset(
    {
        "accountid", "advertisingid", "androidid", "connection", "connectionid", "deviceid", "devicetoken", "did",
        "hardwareid", "host", "hostcandidates", "hostdevicetoken", "hwid", "idfa", "idfv", "imei",
        "installationid", "machineid", "ncid", "nethernetid", "pairwiseid", "playfabid", "pmsgid", "puid",
        "puuid", "raknetguid", "serialnumber", "smartglassid", "socialsecuritynumber", "ssn", "steamid",
        "steamid64", "subscriptionid", "udid", "uhs", "userid", "webrtcnetworkid",
    }
)  # fmt: skip
"""Ids of people, their devices and their connections."""

DEVICE_ADDRESSES = frozenset({"securedeviceaddress", "securedeviceaddressbase64", "securedeviceaddresses"})
PICTURES = frozenset(
    {
        "appdisplaypicraw", "avatar", "avatarurl", "displaypicraw", "gamedisplaypicraw", "gamerpic", "photourl",
        "profilepicture", "publicgamerpic", "senderimageurl",
    }
)  # fmt: skip
MAILS = frozenset(
    {
        "contactemail", "email", "emailaddress", "login", "loginhint", "mail", "mailto", "recoveryemail", "upn",
        "useremail", "username", "userprincipalname",
    }
)  # fmt: skip
PHONES = frozenset(
    {
        "cell", "cellphone", "contactphone", "homephone", "mobile", "mobilenumber", "mobilephone", "msisdn",
        "phone", "phonenumber", "tel", "telephone", "telephonenumber", "workphone",
    }
)  # fmt: skip
CARDS = frozenset({"cardno", "cardnumber", "ccnumber", "creditcard", "creditcardnumber", "debitcard"})
BANK_ACCOUNTS = frozenset({"bankaccount", "bankaccountnumber", "iban"})
BIRTHS = frozenset({"birthdate", "birthday", "birthdayutc", "dateofbirth", "dob", "userdob"})
MACHINES = frozenset(
    {
        "clienthostname", "computername", "devicename", "hostmachine", "machinename", "netbiosname", "pcname",
        "workstation", "workstationname",
    }
)  # fmt: skip
WIRELESS = frozenset(
    {
        "accesspointname", "connectedssid", "currentssid", "essid", "networkname", "networkssid", "ssid", "ssidname",
        "wifiname", "wifinetwork", "wifinetworkname", "wifissid", "wirelessnetwork", "wirelessnetworkname",
        "wirelessssid", "wlanname", "wlanssid",
    }
)  # fmt: skip
"""Names of wireless networks, of which public maps know where they are."""

MACS = frozenset({"bssid", "ethernetaddress", "hwaddr", "mac", "macaddr", "macaddress", "physicaladdress", "wifimac"})
ACCOUNTS = frozenset({"accountuser", "loginname", "osuser", "samaccountname", "unixuser", "windowsuser", "winuser"})
"""Names of accounts on a machine."""

POSTAL = frozenset(
    {
        "addressline1", "addressline2", "billingaddress", "homeaddress", "mailingaddress", "postaladdress",
        "postalcode", "postcode", "shippingaddress", "street", "streetaddress", "streetname", "zip", "zipcode",
    }
)  # fmt: skip
NETWORK = frozenset(
    {
        "addr", "clientaddress", "clientip", "forwardedfor", "hostipaddress", "ip", "ipaddr", "ipaddress", "ipv4",
        "ipv6", "localaddr", "localip", "peeraddr", "peeraddress", "peerip", "publicip", "realip", "remoteaddr",
        "remoteaddress", "remoteip", "serverip", "sourceip", "srcip", "xclientip", "xforwardedfor", "xrealip",
    }
)  # fmt: skip
"""Names of addresses of machines."""

CHATS = frozenset(
    {"aboutme", "bio", "biography", "chat", "chatmessage", "chattext", "directmessage", "privatemessage"}
)
"""Names of what people write to each other, or of themselves."""

PLACES = frozenset({"coordinates", "geo", "geolocation", "gps", "latlng", "latlon", "location"})
IDS_END = (
    "accountid", "appleid", "citizenid", "consoleid", "customerid", "deviceid", "discordid", "employeeid", "epicid",
    "facebookid", "googleid", "licensenumber", "machineid", "nationalid", "nintendoid", "passportnumber",
    "personid", "playerid", "profileid", "psnid", "riotid", "serialnumber", "steamid", "taxid", "telegramid",
    "twitchid", "twitterid", "userid",
)  # fmt: skip
"""What names of ids of people and devices end with: on which platform they have it, makes no difference."""

VERSIONS = ("version", "build", "release", "ver", "revision", "useragent")
"""What names of versions end with: four numbers are one there."""

DIGESTS = (
    "checksum",
    "commit",
    "commitish",
    "digest",
    "md5",
    "sha",
    "sha1",
    "sha256",
    "sha384",
    "sha512",
    "thumbprint",
)
"""What names of digests of files and states end with; a ``hash`` may be that of a password, or of a sign-in."""

OF_SECRETS = ("auth", "key", "mail", "pass", "phone", "pin", "pwd", "secret", "session", "token", "user")
"""What names of digests hold that belong to a person, or open something: ``password_sha256``."""

DESCRIBING = frozenset(
    {
        "description", "format", "hint", "issueinstant", "label", "maxlength", "maximum", "minlength", "minimum",
        "notafter", "nullable", "pattern", "placeholder", "readonly", "required", "title", "type", "writeonly",
    }
)  # fmt: skip
"""Names below the name of a secret that describe the field, and hold no value: of a schema, of a form, of a token."""

NAMING = (
    "algorithms", "claims", "columns", "enum", "fields", "grants", "methods", "permissions", "properties", "required",
    "scopes", "supported", "type", "types",
)  # fmt: skip
"""What names of lists end with that hold names, and no values."""

THINGS = frozenset({"catalogversion", "itemclass", "itemid", "productid", "producttype", "sku", "skuid", "storeid"})
"""Names beside a ``displayName`` that does not name a person: it is for sale."""

FREE = frozenset({"context", "description", "keywords", "message", "motd", "senderstring", "text"})
"""Names of texts that people write as they like."""

DEVICE_KEYS = frozenset({"measurements"})
"""Names of objects whose own names are ids of devices."""
