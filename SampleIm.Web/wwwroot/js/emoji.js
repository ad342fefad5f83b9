const onlyEmoji =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|\ufe0f|\s)+$/u;
const longestShownLarge = 24;

export function isOnlyEmoji(textOfMessage) {
  return textOfMessage.length <= longestShownLarge && onlyEmoji.test(textOfMessage);
}
