using System.Net.Http.Headers;
using SampleIm.Clients;

// The tour of the README with the client that NSwag generates. The first argument is the server's address.
const string Password = "correct horse battery";
var server = new Uri(args[0]);
using var byCookie = new HttpClient { BaseAddress = server };
var alice = new SampleImClient(byCookie);

var account = await alice.RegisterAsync(new RegisterRequest { Username = "alice-net", Password = Password, DisplayName = "Alice" });
Check(account is { Username: "alice-net", Email: null, IsAdmin: false }, "registered");
Check((await alice.LoginAsync(new LoginRequest { Username = "ALICE-NET", Password = Password })).Username == "alice-net", "signed in");
var total = await alice.GetTotalAsync();
Check(total.Me == "alice-net" && total.Online.Any(user => user.Username == "alice-net"), "is online");

// The same clientId again brings the same message.
var sent = await alice.SendMessageAsync("@alice-net", new SendMessageRequest { Text = "hello", ClientId = "1" });
var again = await alice.SendMessageAsync("@alice-net", new SendMessageRequest { Text = "hello", ClientId = "1" });
Check(sent.Seq == 1 && again.Seq == sent.Seq && sent is { Kind: "text", Image: null, EditedAt: null }, "sent once");
var news = await alice.GetNewMessagesAsync("@alice-net", after: 0);
Check(news.Messages.Single().Text == "hello" && !news.HasMore, "what changed since version 0");
await alice.EditMessageAsync("@alice-net", sent.Seq, new EditMessageRequest { Text = "hello!" });
var edits = await alice.GetNewMessagesAsync("@alice-net", news.Version);
Check(edits.Messages.Single() is { Text: "hello!", EditedAt: not null }, "an edit is a change like any other");
await alice.MarkReadAsync("@alice-net", new MarkReadRequest { Seq = sent.Seq });
await alice.RecallMessageAsync("@alice-net", sent.Seq);
Check((await alice.GetMessageAsync("@alice-net", sent.Seq)) is { Text: null, RecalledAt: not null }, "recalled");

using var file = new MemoryStream(Convert.FromBase64String(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="));
var picture = await alice.UploadImageAsync(new FileParameter(file, "picture.png", "image/png"));
var shown = await alice.SendMessageAsync("@alice-net", new SendMessageRequest { ImageId = picture.Id });
Check(shown is { Kind: "image", Text: null, Image.Width: 1 }, "a picture");
using (var bytes = await alice.GetImageAsync(picture.Id))
{
    Check(bytes.StatusCode == 200 && bytes.Headers["Content-Type"].Single() == "image/png", "its bytes");
}

// Programs sign in by token.
using var byToken = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = server };
var program = new SampleImClient(byToken);
var tokens = await program.CreateTokenAsync(new TokenRequest { Username = "alice-net", Password = Password });
tokens = await program.RefreshAsync(new RefreshRequest { RefreshToken = tokens.RefreshToken });
byToken.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(tokens.TokenType, tokens.AccessToken);
Check((await program.GetHistoryAsync("@alice-net")).Messages.Count == 2, "history");
Check((await program.FindUsersAsync("alice-net")).Users.Single().Online, "found");
Check((await program.GetTotalAsync()).Conversations.Any(talk => talk is { Id: "@alice-net", LastMessage.Kind: "image" }), "a preview");

try
{
    await program.SendMessageAsync("lobby", new SendMessageRequest { Text = " " });
    Check(false, "an empty message was taken");
}
catch (ApiException<ApiProblem> refusal)
{
    Check(refusal.StatusCode == 400 && refusal.Result.Code == "message.empty", "an error has its code");
}

await program.LogoutAsync();
Console.WriteLine("The C# client took the tour.");

static void Check(bool holds, string what)
{
    if (!holds)
    {
        throw new InvalidOperationException($"Not as described: {what}.");
    }
}
