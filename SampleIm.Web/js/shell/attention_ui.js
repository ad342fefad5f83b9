// Whether somebody looks at this page: a window that is in sight beside the one in use is not read.
export function isInView() {
  return document.visibilityState === 'visible' && document.hasFocus();
}
