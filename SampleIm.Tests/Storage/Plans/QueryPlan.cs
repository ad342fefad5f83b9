using System.Data.Common;
using System.Text.RegularExpressions;
using Dapper;

namespace SampleIm.Tests.Storage.Plans;

/// <summary>How the database goes about a statement, in its own words.</summary>
/// <param name="Steps">One line a step.</param>
/// <param name="Scans">The steps that read a whole table or a whole index.</param>
/// <param name="Sorts">The steps that sort what they read.</param>
/// <param name="HalfKeys">The steps that read all messages or members of a conversation, all of what a user has.</param>
public sealed partial record QueryPlan(
    IReadOnlyList<string> Steps, IReadOnlyList<string> Scans, IReadOnlyList<string> Sorts, IReadOnlyList<string> HalfKeys)
{
    /// <summary>MariaDB reads a table of so few rows whole, by right.</summary>
    private const int FewRows = 50;

    public static async Task<QueryPlan> OfAsync(DbConnection connection, bool isMySql, RanStatement statement)
    {
        var values = new DynamicParameters();
        foreach (var (name, value) in statement.Values)
        {
            values.Add(name, value is DBNull ? null : value);
        }

        return isMySql
            ? OfMySql([.. await connection.QueryAsync<MySqlStep>($"EXPLAIN {statement.Text}", values)])
            : OfSqlite([
                .. (await connection.QueryAsync<SqliteStep>($"EXPLAIN QUERY PLAN {statement.Text}", values))
                    .Select(step => step.Detail)]);
    }

    public override string ToString() => string.Join("\n    ", Steps);

    private static QueryPlan OfSqlite(List<string> steps) => new(
        steps,
        steps.FindAll(step => step.StartsWith("SCAN TABLE", StringComparison.Ordinal)),
        steps.FindAll(step => step.Contains("TEMP B-TREE", StringComparison.Ordinal)),
        steps.FindAll(step => SqliteHalfKey().IsMatch(step)));

    private static QueryPlan OfMySql(List<MySqlStep> steps)
    {
        // The result of a part of the statement, <derived2>, is read whole: what it holds is the business of that part.
        var tables = steps.FindAll(step => step.Table is not null && !step.Table.StartsWith('<'));
        return new QueryPlan(
            steps.ConvertAll(step => step.ToString()),
            tables.FindAll(step => step.Type is "ALL" or "index" && step.Rows > FewRows).ConvertAll(step => step.ToString()),
            steps.FindAll(step => step.Extra?.Contains("filesort", StringComparison.Ordinal) == true)
                .ConvertAll(step => step.ToString()),
            tables.FindAll(step => step.Type is "ref" && step.Rows > FewRows).ConvertAll(step => step.ToString()));
    }

    [GeneratedRegex(@"^SEARCH TABLE (messages|members) .*\((conversation_id|user_id|sender_id)=\?\)$")]
    private static partial Regex SqliteHalfKey();

    private sealed class SqliteStep
    {
        public string Detail { get; init; } = "";
    }

    private sealed class MySqlStep
    {
        public string? Table { get; init; }

        public string? Type { get; init; }

        public string? PossibleKeys { get; init; }

        public string? Key { get; init; }

        public string? Ref { get; init; }

        public long? Rows { get; init; }

        public string? Extra { get; init; }

        public override string ToString() =>
            $"{Table ?? "-"} {Type ?? "-"} key={Key ?? "-"} of {PossibleKeys ?? "-"} ref={Ref ?? "-"} rows={Rows} "
            + $"{Extra}".TrimEnd();
    }
}
