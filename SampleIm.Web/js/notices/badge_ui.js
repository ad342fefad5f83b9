import $ from 'jquery/slim';

const sizePx = 64;
let shownCount = 0;

// The number of unread messages on the icon: of the tab, and of the installed page.
export function showBadge(count) {
  if (count === shownCount) {
    return;
  }
  shownCount = count;
  showOnApp(count);
  if (count === 0) {
    $('.js-icon').attr({ href: 'favicon.svg', type: 'image/svg+xml' });
  } else {
    drawIcon(count);
  }
}

function showOnApp(count) {
  // A browser may have the call and refuse it; the icon of the tab shows the number all the same.
  (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {});
}

function drawIcon(count) {
  const image = new Image(sizePx, sizePx);
  image.onload = () => {
    if (count === shownCount) {
      $('.js-icon').attr({ href: withNumber(image, count), type: 'image/png' });
    }
  };
  image.src = 'favicon.svg';
}

function withNumber(image, count) {
  const canvas = document.createElement('canvas');
  canvas.width = sizePx;
  canvas.height = sizePx;
  const pen = canvas.getContext('2d');
  pen.drawImage(image, 0, 0, sizePx, sizePx);
  pen.fillStyle = '#c8372d';
  pen.beginPath();
  pen.arc(44, 20, 20, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = '#ffffff';
  pen.font = 'bold 28px sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillText(count > 9 ? '9+' : String(count), 44, 21);
  return canvas.toDataURL('image/png');
}
