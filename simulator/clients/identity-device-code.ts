import { DeviceCodeCredential } from '@azure/identity';
import { approve, claimsOf, people, register, say, tenantId } from './setting.ts';

const { appId: clientId } = await register({ displayName: 'Tool', isFallbackPublicClient: true });
const [anna = ''] = await people();
const userPromptCallback = ({ userCode }: { userCode: string }) => approve(userCode, anna);
const credential = new DeviceCodeCredential({ tenantId, clientId, userPromptCallback });
const { token } = await credential.getToken('https://graph.microsoft.com/User.Read');
const { upn, scp } = claimsOf(token);
say({ own: upn === anna, scope: scp });
