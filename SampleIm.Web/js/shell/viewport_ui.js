// Some phones lay their keyboard over the page instead of making room for it: the page then is as high as what is in sight.
export function initViewport({ visualViewport = window.visualViewport } = {}) {
  visualViewport?.addEventListener('resize', () => {
    // Zoomed with two fingers the page keeps its height.
    if (visualViewport.scale === 1) {
      document.documentElement.style.setProperty('--viewport-height', `${visualViewport.height}px`);
    }
  });
}
