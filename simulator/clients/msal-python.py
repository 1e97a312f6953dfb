"""MSAL for Python at an address of its own: the authority's host is the simulator's, and instance discovery is left out."""

import json
import os
import urllib.request

import msal

simulator = os.environ['SIMULATED_ENTRA_URL'].replace('http:', 'https:')
authority = f"{simulator}/{os.environ['AZURE_TENANT_ID']}"
options = {'authority': authority, 'instance_discovery': False, 'verify': os.environ['NODE_EXTRA_CA_CERTS']}
scopes = ['https://graph.microsoft.com/.default']


def control(path, body=None):
    """Calls the simulator's control API about Contoso."""
    address = f"{os.environ['SIMULATED_ENTRA_URL']}/_control{path}"
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(address, data)) as answer:
        return json.load(answer)


def tenant(path, body=None):
    return control(f"/tenants/{os.environ['AZURE_TENANT_ID']}/{path}", body)


def kind(answer):
    return answer.get('token_type') or answer.get('error_description')


daemon = msal.ConfidentialClientApplication(
    os.environ['AZURE_CLIENT_ID'], client_credential=os.environ['AZURE_CLIENT_SECRET'], **options
)
secret = daemon.acquire_token_for_client(scopes)

with open(f"{os.environ['HOME']}/daemon.pem") as file:
    key, _, certificate = file.read().partition('-----BEGIN CERTIFICATE')
certificate = '-----BEGIN CERTIFICATE' + certificate
app = tenant('applications', {'displayName': 'Daemon', 'certificates': [certificate]})
chained = msal.ConfidentialClientApplication(
    app['appId'],
    client_credential={
        'private_key': key,
        'thumbprint': os.environ['THUMBPRINT'],
        # Sends x5c, whose lines this library leaves broken.
        'public_certificate': certificate,
    },
    **options,
).acquire_token_for_client(scopes)

tool = tenant('applications', {'displayName': 'Tool', 'isFallbackPublicClient': True})
anna = tenant('users')['value'][0]['userPrincipalName']
public = msal.PublicClientApplication(tool['appId'], **options)
flow = public.initiate_device_flow(['User.Read'])
control(f"/device-codes/{flow['user_code']}", {'login': anna})
device = public.acquire_token_by_device_flow(flow)
silent = public.acquire_token_silent(['User.Read'], public.get_accounts()[0], force_refresh=True)

print(json.dumps({'secret': kind(secret), 'chained': kind(chained), 'device': kind(device), 'silent': kind(silent)}))
