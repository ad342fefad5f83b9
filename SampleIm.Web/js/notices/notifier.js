// Notifications of the desktop. They exist under https and on localhost only; elsewhere nobody is asked for them.
export function createNotifier({ Notification, onChosen }) {
  const shown = new Map();
  const canNotify = () => Notification !== undefined;
  const isAllowed = () => canNotify() && Notification.permission === 'granted';

  async function askPermission() {
    return canNotify() && (await Notification.requestPermission()) === 'granted';
  }

  function notify(id, title, body) {
    close(id);
    const notification = make(title, { body, tag: `sampleim.${id}`, icon: 'favicon.svg' });
    if (notification) {
      shown.set(id, notification);
      notification.onclick = () => {
        close(id);
        onChosen(id);
      };
    }
  }

  // Some phones have the name but refuse to make one in a page.
  function make(title, options) {
    try {
      return new Notification(title, options);
    } catch {
      return null;
    }
  }

  function close(id) {
    shown.get(id)?.close();
    shown.delete(id);
  }

  function closeRead(unreadIds) {
    [...shown.keys()].filter((id) => !unreadIds.includes(id)).forEach(close);
  }

  return { canNotify, isAllowed, askPermission, notify, closeRead };
}
