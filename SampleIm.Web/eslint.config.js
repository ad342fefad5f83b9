import js from '@eslint/js';
import globals from 'globals';

const strictRules = {
  curly: 'error',
  eqeqeq: 'error',
  'no-console': 'error',
  'no-else-return': 'error',
  'no-implicit-coercion': ['error', { allow: ['!!'] }],
  'no-param-reassign': 'error',
  'no-restricted-globals': [
    'error',
    { name: 'setInterval', message: 'A poll is re-armed after its answer: use setTimeout.' },
  ],
  'no-restricted-properties': [
    'error',
    { property: 'innerHTML', message: 'User text enters the page by .text().' },
    { property: 'outerHTML', message: 'User text enters the page by .text().' },
    { property: 'insertAdjacentHTML', message: 'User text enters the page by .text().' },
    { property: 'html', message: 'User text enters the page by .text().' },
  ],
  'no-shadow': 'error',
  'no-unused-vars': 'error',
  'no-use-before-define': ['error', { functions: false }],
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
  'prefer-template': 'error',
};

export default [
  { ignores: ['bin/', 'obj/', 'wwwroot/dist/', 'wwwroot/lib/'] },
  js.configs.recommended,
  { rules: strictRules },
  { files: ['js/**/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['js/shell/early.js'], languageOptions: { sourceType: 'script' } },
  { files: ['measure/**/*.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  { files: ['tests/**/*.js', '*.config.js', 'build.js'], languageOptions: { globals: globals.node } },
];
