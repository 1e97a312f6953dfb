import { type Answer, type Exchange, header } from '../http/exchange.ts';
import type { Routes } from '../http/routes.ts';
import type { World } from '../world.ts';
import { EwsError, EwsFault, EwsHttpRefusal } from './ews-error.ts';
import { openCall } from './open-mailbox.ts';
import { operationOf } from './operations.ts';
import { at, child, type Element, element, escapeXml, parseXml, textElement } from './xml.ts';

const spaces = {
  s: 'http://schemas.xmlsoap.org/soap/envelope/',
  m: 'http://schemas.microsoft.com/exchange/services/2006/messages',
  t: 'http://schemas.microsoft.com/exchange/services/2006/types',
  e: 'http://schemas.microsoft.com/exchange/services/2006/errors',
} as const;

/** Exchange Web Services, as far as mail needs them. */
export function ewsRoutes(world: World): Routes {
  return { 'POST /EWS/Exchange.asmx': (exchange) => answerSoap(world, exchange) };
}

async function answerSoap(world: World, exchange: Exchange): Promise<Answer> {
  try {
    const envelope = readEnvelope(exchange);
    const call = await openCall(world, exchange, child(envelope, 'Header'));
    const request = child(envelope, 'Body')?.children[0];
    const operation = operationOf(request);
    if (request === undefined || operation === undefined)
      throw new EwsFault(
        'ErrorSchemaValidation',
        `The request failed schema validation: '${request?.name ?? ''}' is unknown.`,
      );
    const messages = operation(call, request).map((carryOut) => responseMessage(request.name, carryOut));
    const inner = element('m:ResponseMessages', {}, messages.join(''));
    return soap(
      200,
      `<m:${request.name}Response xmlns:m="${spaces.m}" xmlns:t="${spaces.t}">${inner}</m:${request.name}Response>`,
    );
  } catch (error) {
    if (error instanceof EwsHttpRefusal) return { status: error.status, headers: error.headers };
    if (error instanceof EwsError) return fault(error);
    throw error;
  }
}

/** Reads the envelope. Throws ErrorSchemaValidation for what is none. */
function readEnvelope(exchange: Exchange): Element {
  // A token comes first: who has none learns nothing else.
  if (header(exchange, 'authorization') === undefined)
    throw new EwsHttpRefusal(401, { 'www-authenticate': 'Bearer client_id="00000002-0000-0ff1-ce00-000000000000"' });
  try {
    const envelope = parseXml(exchange.body.toString('utf8'));
    if (envelope.name === 'Envelope' && at(envelope, 'Body') !== undefined) return envelope;
    throw new SyntaxError('There is no SOAP envelope.');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new EwsFault('ErrorSchemaValidation', `The request failed schema validation: ${error.message}`);
  }
}

function responseMessage(operation: string, carryOut: () => string): string {
  const name = `m:${operation}ResponseMessage`;
  try {
    const inner = carryOut();
    return element(name, { ResponseClass: 'Success' }, `<m:ResponseCode>NoError</m:ResponseCode>${inner}`);
  } catch (error) {
    if (!(error instanceof EwsError)) throw error;
    const parts = [textElement('m:MessageText', error.message), textElement('m:ResponseCode', error.code)];
    return element(name, { ResponseClass: 'Error' }, `${parts.join('')}<m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>`);
  }
}

function fault(error: EwsError): Answer {
  const detail = [
    `<e:ResponseCode xmlns:e="${spaces.e}">${error.code}</e:ResponseCode>`,
    `<e:Message xmlns:e="${spaces.e}">${escapeXml(error.message)}</e:Message>`,
  ].join('');
  const code = `<faultcode xmlns:a="${spaces.t}">a:${error.code}</faultcode>`;
  const text = `<faultstring xml:lang="en-US">${escapeXml(error.message)}</faultstring>`;
  return soap(500, `<s:Fault>${code}${text}<detail>${detail}</detail></s:Fault>`);
}

function soap(status: number, body: string): Answer {
  const version = `<h:ServerVersionInfo MajorVersion="15" MinorVersion="20" MajorBuildNumber="9000" MinorBuildNumber="0" Version="V2018_01_08" xmlns:h="${spaces.t}"/>`;
  return {
    status,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: `<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="${spaces.s}"><s:Header>${version}</s:Header><s:Body>${body}</s:Body></s:Envelope>`,
  };
}
