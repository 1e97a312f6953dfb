import { Toast, ToastTitle, useToastController } from '@fluentui/react-components';
import { useCallback } from 'react';

/** The one place where short news appear. */
export const toasterId = 'news';

/** Says in passing that something was done; screen readers hear it too. */
export function useTold(): (news: string) => void {
  const { dispatchToast } = useToastController(toasterId);
  return useCallback(
    (news) =>
      dispatchToast(
        <Toast>
          <ToastTitle>{news}</ToastTitle>
        </Toast>,
        { intent: 'success', timeout: 4000 },
      ),
    [dispatchToast],
  );
}
