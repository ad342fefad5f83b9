using FsCheck;
using FsCheck.Fluent;
using SampleIm.Api.Chat.Messages;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Fuzzing;

/// <summary>
/// Any sequence of sends, edits and recalls, read in pages of any size at any time, against a model in a list: each page is
/// the next changes in the order of their versions, and anyone who reads on holds in the end what the history says.
/// </summary>
[TestClass]
public sealed class CursorProperties
{
    private static readonly int s_count = TestDatabase.IsMySql ? 25 : 50;

    private static SampleImApp s_app = null!;
    private static ApiUser s_alice = null!;
    private static ApiUser s_bob = null!;
    private static int s_rooms;

    private static Arbitrary<Step[]> Steps { get; } = Arb.From((
        from kind in Gen.Frequency(
            (4, Gen.Constant(Kind.Send)), (2, Gen.Constant(Kind.Edit)), (1, Gen.Constant(Kind.Recall)),
            (3, Gen.Constant(Kind.Read)))
        from which in Gen.Choose(0, 1000)
        from limit in Gen.Choose(1, 7)
        select new Step(kind, which, limit)).ArrayOf(), steps => steps.Select((_, index) =>
            steps.Where((_, at) => at != index).ToArray()));

    [ClassInitialize]
    public static async Task Start(TestContext _)
    {
        s_app = new SampleImApp();
        (s_alice, s_bob) = (await s_app.RegisterAsync(), await s_app.RegisterAsync());
    }

    [ClassCleanup]
    public static void Stop() => s_app.Dispose();

    [TestMethod]
    public void Cursor_BringsEachChangeOnceAndInOrder() => FuzzSettings.Check(
        Prop.ForAll(Steps, steps => FollowAsync(steps).GetAwaiter().GetResult()), s_count);

    private static async Task FollowAsync(Step[] steps)
    {
        var room = $"room-{++s_rooms}";
        await s_app.AddRoomAsync(room, s_alice, s_bob);
        var (model, held, cursor, version) = (new List<Known>(), new Dictionary<long, Known>(), 0L, 0L);
        foreach (var step in steps.Append(new Step(Kind.Read, 0, 500)))
        {
            var at = model.Count == 0 ? 0 : step.Which % model.Count;
            switch (step.Kind)
            {
                case Kind.Send:
                    var sent = await s_alice.SendAsync(room, $"text {step.Which}");
                    model.Add(new Known(model.Count + 1, ++version, $"text {step.Which}"));
                    Assert.AreEqual(model[^1], Of(sent));
                    break;
                case Kind.Edit when model.Count > 0:
                    var edited = await s_alice.PatchAsync(
                        $"/api/conversations/{room}/messages/{at + 1}", new { text = $"edit {step.Which}" });
                    if (model[at].Text is null)
                    {
                        edited.ShouldBe(409, "message.recalled");
                        break;
                    }

                    model[at] = model[at].Text == $"edit {step.Which}"
                        ? model[at]
                        : new Known(at + 1, ++version, $"edit {step.Which}");
                    Assert.AreEqual(model[at], Of(edited.As<MessageResponse>()));
                    break;
                case Kind.Recall when model.Count > 0:
                    (await s_alice.DeleteAsync($"/api/conversations/{room}/messages/{at + 1}")).ShouldBe(204);
                    model[at] = model[at].Text is null ? model[at] : new Known(at + 1, ++version, null);
                    break;
                case Kind.Read:
                    var waiting = model.Where(message => message.Version > cursor).OrderBy(message => message.Version).ToList();
                    var page = await s_bob.NewAsync(room, cursor, step.Limit);
                    CollectionAssert.AreEqual(waiting.Take(step.Limit).ToList(), page.Messages.Select(Of).ToList());
                    Assert.AreEqual(waiting.Count > step.Limit, page.HasMore);
                    Assert.AreEqual(waiting.Take(step.Limit).LastOrDefault()?.Version ?? cursor, page.Version);
                    page.Messages.Select(Of).ToList().ForEach(message => held[message.Seq] = message);
                    cursor = page.Version;
                    break;
            }
        }

        CollectionAssert.AreEqual(model, held.Values.OrderBy(message => message.Seq).ToList());
        CollectionAssert.AreEqual(
            model.TakeLast(100).ToList(), (await s_bob.HistoryAsync(room, "?limit=100")).Messages.Select(Of).ToList());
    }

    private static Known Of(MessageResponse message) => new(message.Seq, message.Version, message.Text);

    private enum Kind
    {
        Send,
        Edit,
        Recall,
        Read,
    }

    /// <param name="Kind">What is done.</param>
    /// <param name="Which">Which message, and its text.</param>
    /// <param name="Limit">Of a page.</param>
    private sealed record Step(Kind Kind, int Which, int Limit);

    private sealed record Known(long Seq, long Version, string? Text);
}
