namespace SampleIm.Api.Chat.Conversations;

public static class MessageKinds
{
    public const string Text = "text";
    public const string Image = "image";
    public const string Recalled = "recalled";
}
