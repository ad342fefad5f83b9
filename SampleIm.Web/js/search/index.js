export { createSearch } from './search.js';
export { initSearch } from './search_ui.js';
