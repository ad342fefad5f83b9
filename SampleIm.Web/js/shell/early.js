// A classic script in the head: the chosen theme is set before the first paint, which a module would miss.
try {
  const theme = localStorage.getItem('sampleim.theme');
  if (theme === 'light' || theme === 'dark') {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Without storage the system's theme holds.
}
