'use strict';
(() => {
  const filter = document.getElementById('filter');
  const query = document.getElementById('query');
  const file = document.getElementById('file');
  const boxes = [...filter.querySelectorAll('input[type=checkbox]')];
  const shown = document.getElementById('shown');
  const causes = [...document.querySelectorAll('.cause')].map((element) => ({
    element,
    own: [...element.children]
      .filter((child) => !child.matches('.findings, .repeats'))
      .map((child) => child.textContent)
      .join('\n')
      .toLowerCase(),
    folds: [...element.querySelectorAll('.repeats')],
    items: [...element.querySelectorAll('.findings > li')].map((item) => ({
      item,
      text: item.textContent.toLowerCase(),
      counts: !item.matches('.more'),
    })),
  }));
  const apply = () => {
    const wanted = query.value.trim().toLowerCase();
    const off = new Set(boxes.filter((box) => !box.checked).map((box) => box.value));
    const only = file ? file.value : '';
    let total = 0;
    let left = 0;
    const narrowed = wanted !== '' || off.size > 0 || only !== '';
    for (const { element, own, folds, items } of causes) {
      let any = false;
      for (const { item, text, counts } of items) {
        const fits =
          (own.includes(wanted) || text.includes(wanted)) &&
          !off.has(item.dataset.severity) &&
          (only === '' || item.dataset.file === only);
        item.hidden = !fits;
        total += counts;
        left += counts && fits;
        any ||= fits;
      }
      element.hidden = !any;
      for (const fold of folds) {
        fold.hidden = !fold.querySelector('li:not([hidden])');
        fold.open = narrowed;
      }
    }
    shown.textContent =
      left === total ? `All ${total} findings are shown.` : `${left} of ${total} findings are shown.`;
  };
  filter.addEventListener('input', apply);
  filter.hidden = false;
  apply();
})();
