using SampleIm.Api.Commands.Moving;
using SampleIm.Tests.Running;


namespace SampleIm.Tests.Commands.Moving;

[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class SqliteMoveTests : MoveTests
{
    /// <summary>A trigger cannot recurse by itself, but a view that it reads can.</summary>
    protected override string SlowMessages => """
        CREATE VIEW much_work AS
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000)
        SELECT COUNT(*) AS n FROM numbers;
        CREATE TRIGGER slow_messages AFTER INSERT ON messages BEGIN SELECT n FROM much_work; END;
        """;

    protected override MoveEnd MakeTarget(string folder) => MoveEnd.Sqlite(Path.Combine(folder, "target.db"));

    protected override string Corrupt(string table, string column, string value, string where) =>
        $"CREATE TRIGGER corrupt AFTER INSERT ON {table} BEGIN UPDATE {table} SET {column} = {value} WHERE {where}; END";

    [TestMethod]
    public async Task Move_KnowsEveryTableAndEveryColumn()
    {
        var folder = TestMachine.MakeFolder();
        using var fresh = MoveEnd.Sqlite(Path.Combine(folder, "sampleim.db"));
        await using (await ServerProcess.StartAsync(folder))
        {
            // It has made everything.
        }

        CollectionAssert.AreEqual(
            (await fresh.ListColumnsAsync()).SelectMany(table => table.Columns.Select(column => $"{table.Table}.{column}"))
                .Order().ToList(),
            MovedTable.All.SelectMany(table => table.Columns.Select(column => $"{table.Name}.{column}")).Order().ToList());
        Directory.Delete(folder, recursive: true);
    }

    [TestMethod]
    [DataRow("", "--from-provider is missing.")]
    [DataRow("--from-provider Sqlite --from a --to-provider Oracle --to b", "--to-provider: there is no provider Oracle.")]
    [DataRow("--from-provider Sqlite --from a --to-provider 1 --to b", "--to-provider: there is no provider 1.")]
    [DataRow("--from-provider=Sqlite --from=a=b --to-provider", "--to-provider has no value.")]
    [DataRow("--from a --from b", "--from is there twice.")]
    [DataRow("--form a", "--form is not an argument.")]
    public async Task Move_WithWrongArguments_ShowsHowItIsUsed(string arguments, string fault)
    {
        await using var command = ServerProcess.BeginCommand(
            ["move", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        var (exitCode, output) = await command.WaitForEndAsync(TimeSpan.FromMinutes(1));
        Assert.AreEqual(2, exitCode, output);
        Assert.Contains("--from-provider PROVIDER --from CONNECTION", output);
        Assert.AreEqual(fault, output.Split('\n')[0].TrimEnd());
    }

    [TestMethod]
    [DataRow("Data Source=missing.db", "The source cannot be opened: SQLite Error 14: 'unable to open database file'.")]
    [DataRow("Data Source=:memory:", "The source is not a database of SampleIm: SQLite Error 1: 'no such table: schema_files'.")]
    [DataRow("nonsense", "--from: Format of the initialization string does not conform to specification starting at index 0.")]
    public async Task Move_FromWhatIsNoDatabase_IsRefused(string source, string line)
    {
        await using var command = ServerProcess.BeginCommand(
            "move", "--from-provider", "Sqlite", "--from", source, "--to-provider", "Sqlite", "--to", "Data Source=:memory:");
        var (exitCode, output) = await command.WaitForEndAsync(TimeSpan.FromMinutes(1));
        Assert.AreEqual(1, exitCode, output);
        Assert.AreEqual($"SampleIm cannot move. {line}", output.Trim());
    }
}

[TestClass]
[TestCategory(TestDatabase.MySqlOnly)]
public sealed class MySqlMoveTests : MoveTests
{
    protected override string SlowMessages =>
        "CREATE TRIGGER slow_messages AFTER INSERT ON messages FOR EACH ROW DO SLEEP(0.001)";

    protected override MoveEnd MakeTarget(string folder) => MoveEnd.MySql();

    protected override string Corrupt(string table, string column, string value, string where) =>
        $"CREATE TRIGGER corrupt BEFORE INSERT ON {table} FOR EACH ROW SET NEW.{column} = IF(NEW.{where}, {value}, NEW.{column})";
}
