import { EntraError, explainAadsts, GraphError } from '#entra';

/** What happened, why, and what to do next, in two or three sentences, for whoever reads a message or a mailbox. */
export async function explainFailure(error: unknown): Promise<string> {
  if (error instanceof GraphError) return explainGraph(error);
  if (error instanceof EntraError) return explainEntra(error);
  return `It failed in Portico: ${error instanceof Error ? error.message : String(error)}`;
}

function explainGraph(error: GraphError): string {
  const code = error.status === 0 ? error.code : `${error.code}, HTTP ${error.status}`;
  const trail = error.requestId === undefined ? '' : ` Microsoft's request id: ${error.requestId}.`;
  const remedy = error.remedy === undefined ? '' : ` ${error.remedy}`;
  return `Microsoft Graph: ${sentence(error.message)} (${code}).${remedy}${trail}`;
}

async function explainEntra(error: EntraError): Promise<string> {
  const [code] = error.codes;
  const found = code === undefined ? undefined : await explainAadsts(code);
  const remedy = found?.known === true ? ` ${found.action}` : '';
  const trail = error.correlationId === undefined ? '' : ` Microsoft's correlation id: ${error.correlationId}.`;
  const name = code === undefined ? error.error : `AADSTS${code}`;
  return `Microsoft Entra gave no token: ${sentence(error.description || error.error)} (${name}).${remedy}${trail}`;
}

const sentence = (text: string): string => text.trim().replace(/\.+$/, '');
