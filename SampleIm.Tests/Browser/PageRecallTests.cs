using SampleIm.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace SampleIm.Tests.Browser;

/// <summary>What the page offers is what the server takes.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class PageRecallTests : PageTest
{
    protected override Dictionary<string, string> Settings => new() { ["Admin:Users:0"] = "boss" };

    [TestMethod]
    public async Task AnAdministrator_IsOfferedToRecallOthersMessagesInRoomsOnly()
    {
        var bob = await SignUpAsync("bob", "Bob");
        var boss = await SignUpAsync("boss", "Boss");
        await SendManyAsync(bob, "lobby", 1);
        await SendManyAsync(bob, "@boss", 1);
        var actions = Row(boss, 1).Locator(".js-message-actions");
        await boss.ClickAsync(".js-conversation[data-id=lobby]");
        await Expect(actions).ToHaveJSPropertyAsync("hidden", false);
        await boss.ClickAsync(".js-conversation[data-id='@bob']");
        await Expect(actions).ToHaveJSPropertyAsync("hidden", true);
        await SayAsync(boss, "and mine");
        await Expect(Row(boss, 2).Locator(".js-message-actions")).ToHaveJSPropertyAsync("hidden", false);
    }
}
