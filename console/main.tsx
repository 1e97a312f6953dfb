import './server/without-eval.ts';
import { createDOMRenderer, RendererProvider } from '@fluentui/react-components';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './server/query-client.ts';
import { AppearanceProvider } from './shell/appearance.tsx';
import { router } from './shell/routes.ts';
import { Themed } from './shell/themed.tsx';

const place = document.getElementById('console');
if (place === null) throw new Error('the page has no place for the console');

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
const renderer = createDOMRenderer(document, { styleElementAttributes: { nonce } });

createRoot(place).render(
  <StrictMode>
    <RendererProvider renderer={renderer}>
      <AppearanceProvider>
        <Themed>
          <QueryClientProvider client={createQueryClient()}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Themed>
      </AppearanceProvider>
    </RendererProvider>
  </StrictMode>,
);
