using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SampleIm.Api.People.Accounts;
using SampleIm.Api.Storage;
using SampleIm.Api.Storage.Providers;
using SampleIm.Tests.Running;
using SampleIm.Tests.Storage.Plans;

namespace SampleIm.Tests.People.Accounts.SignIn;

/// <summary>Whether anybody has a name shows in nothing that a failed sign-in makes the server do.</summary>
[TestClass]
public sealed class EqualWorkTests
{
    [TestMethod]
    [DataRow("wrong horse battery", DisplayName = "a password in normal form")]
    [DataRow("wrong horse e\u0301te\u0301", DisplayName = "one that is tried in two forms")]
    public async Task FailedSignIns_MakeTheSameStatementsAndHashes_WhetherOrNotAnybodyHasTheName(string password)
    {
        using var database = TestDatabase.Create();
        var dataPath = TestMachine.MakeFolder();
        var dialect = new RecordingDialect(TestDatabase.IsMySql
            ? new MySqlDialect(database.ConnectionString)
            : new SqliteDialect($"Data Source={SqliteFile.In(dataPath)}"));
        var hasher = new CountingHasher();
        using (var app = new SampleImApp(dataPath: dataPath, database: database, replace: services => services
            .Replace(ServiceDescriptor.Singleton(_ => new Database(dialect)))
            .Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>>(hasher))))
        {
            await app.RegisterAsync("alice");
            var known = await WorkAsync(app, "alice");
            CollectionAssert.AreEqual(known, await WorkAsync(app, "nobody"), string.Join('\n', known));
            StringAssert.StartsWith(known[0], "401 account.badCredentials by SignInAttempts.Count");
            Assert.DoesNotContain("hash", known[^1]);
        }

        Directory.Delete(dataPath, recursive: true);

        async Task<List<string>> WorkAsync(SampleImApp app, string username)
        {
            var work = new List<string>();
            for (var attempt = 0; attempt < 12; attempt++)
            {
                dialect.Take();
                hasher.Take();
                var answer = await app.Anonymous().PostAsync("/api/account/login", new { username, password });
                var done = dialect.Take().Select(statement => statement.Name)
                    // What runs in the background has nothing to do with the call.
                    .Where(name => name is "SignInAttempts.Count" or "SignInAttempts.Counted" or "SignInAttempts.Forget"
                        || name.Split('.')[0] is "Users" or "Sessions")
                    .Concat(Enumerable.Repeat("hash", hasher.Take()));
                work.Add($"{answer.Status} {answer.Code} by {string.Join(", ", done)}");
            }

            return work;
        }
    }

    /// <summary>The program's own hasher, and how often it was asked.</summary>
    private sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly NormalizedPasswordHasher _inner = new(Options.Create(new PasswordHasherOptions()));
        private int _count;

        public int Take() => Interlocked.Exchange(ref _count, 0);

        public string HashPassword(User user, string password) => _inner.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref _count);
            return _inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
