import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the console into `dist/console`; the server puts each answer's nonce in place of `__NONCE__`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [react()],
  html: { cspNonce: '__NONCE__' },
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack)\// },
            // Its own chunk, with the switch that must be set before the contract builds its shapes.
            { name: 'zod', test: /node_modules\/zod\/|server\/without-eval/ },
            { name: 'contract', test: /src\/contract\// },
            { name: 'frame', test: /console\/(page|server|shell|table|values)\// },
          ],
        },
      },
    },
  },
});
