using NetArchTest.Rules;

namespace SampleIm.Tests.Documents;

/// <summary>The floors and rooms of the program, and which of them may use which: docs/architecture.md draws them.</summary>
[TestClass]
public sealed class FloorTests
{
    private const string Root = "SampleIm.Api";

    /// <summary>Who is calling: all that Hosting knows of the floors above it.</summary>
    private static readonly string[] s_caller = ["Session", "KnownUser", "SessionOnRequest"];

    private static readonly Types s_types = Types.InAssembly(typeof(Program).Assembly);

    [TestMethod]
    [DataRow("Storage", "Hosting", "People", "Chat", "Commands")]
    [DataRow("Hosting", "Chat", "Commands")]
    [DataRow("People", "Chat", "Commands")]
    [DataRow("Chat", "Commands")]
    public void AFloor_UsesNoneAboveIt(string floor, params string[] others) =>
        AssertUnused(floor, [.. others.Select(other => $"{Root}.{other}")]);

    [TestMethod]
    public void Hosting_KnowsOfPeople_OnlyWhoIsCalling()
    {
        var people = TypesIn("People");
        Assert.HasCount(s_caller.Length, people.Where(type => s_caller.Contains(type.Name)), "All of them exist.");
        AssertUnused("Hosting", [.. people.Where(type => !s_caller.Contains(type.Name)).Select(type => type.FullName!)]);
    }

    /// <summary>In each floor from the lowest room up: none uses a later one.</summary>
    [TestMethod]
    [DataRow(
        "Hosting", "Configuration", "Memory", "Addresses", "Logging", "Problems", "Server", "OpenApi", "Security", "Metrics")]
    [DataRow("People", "Names", "Accounts", "Presence", "Profiles")]
    [DataRow("Chat", "Conversations", "Files", "Messages", "Total")]
    [DataRow("Commands", "Moving", "Backup")]
    public void WithinAFloor_ARoom_UsesNoLaterOne(string floor, params string[] rooms)
    {
        CollectionAssert.AreEquivalent(rooms, RoomsOf(floor), "The list above has all rooms.");
        for (var room = 0; room < rooms.Length - 1; room++)
        {
            AssertUnused($"{floor}.{rooms[room]}", [.. rooms[(room + 1)..].Select(later => $"{Root}.{floor}.{later}")]);
        }
    }

    [TestMethod]
    public void TheProgram_HasTheseFloors() => CollectionAssert.AreEquivalent(
        new[] { "Chat", "People", "Hosting", "Storage", "Commands" },
        typeof(Program).Assembly.GetTypes().Where(type => type.Namespace?.StartsWith(Root, StringComparison.Ordinal) == true)
            .Select(type => type.Namespace!.Split('.')[2]).Distinct().ToArray());

    private static void AssertUnused(string by, string[] names)
    {
        Assert.IsNotEmpty(names);
        var result = s_types.That().ResideInNamespace($"{Root}.{by}").ShouldNot().HaveDependencyOnAny(names).GetResult();
        Assert.IsTrue(
            result.IsSuccessful, string.Join('\n', result.FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}")));
    }

    private static string[] RoomsOf(string floor) =>
        [.. TypesIn(floor).Select(type => type.Namespace!.Split('.')).Where(parts => parts.Length > 3)
            .Select(parts => parts[3]).Distinct()];

    private static Type[] TypesIn(string floor) => [.. typeof(Program).Assembly.GetTypes().Where(type =>
        !type.IsNested && $"{type.Namespace}.".StartsWith($"{Root}.{floor}.", StringComparison.Ordinal))];
}
