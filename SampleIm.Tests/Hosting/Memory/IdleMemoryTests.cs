using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using SampleIm.Api.Chat.Conversations.InMemory;
using SampleIm.Api.Chat.Total;
using SampleIm.Api.Hosting.Memory;
using SampleIm.Api.People.Accounts.SignIn;
using SampleIm.Tests.Running;

namespace SampleIm.Tests.Hosting.Memory;

/// <summary>Users who came once cost nothing later, also where nobody comes after them.</summary>
[TestClass]
[TestCategory(TestDatabase.SqliteOnly)]
public sealed class IdleMemoryTests
{
    private const int Users = 1000;

    private readonly TestClock _clock = new();
    private SampleImApp _app = null!;

    [TestInitialize]
    public async Task Start()
    {
        _app = new SampleImApp(clock: _clock);
        await _app.RegisterAsync("alice");
        await _app.ExecuteAsync($"""
            INSERT INTO users (id, username, username_key, display_name, display_name_key,
                password_hash, security_stamp, created_at, changed_at)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Users})
            SELECT 1000 + i, 'once' || i, 'ONCE' || i, 'Once', 'ONCE', '', '', 0, 0 FROM n
            """);
        await _app.ExecuteAsync(
            "INSERT INTO sessions (id, user_id, security_stamp, created_at, expires_at) SELECT 's' || id, id, '', 0, "
                + "4000000000000 FROM users WHERE id > 1000");
        await _app.ExecuteAsync(
            "INSERT INTO members (conversation_id, user_id, joined_at, changed_at) SELECT 1, id, 0, 0 FROM users WHERE id > "
                + "1000");
    }

    [TestCleanup]
    public void Stop() => _app.Dispose();

    [TestMethod]
    public async Task UsersWhoCameOnce_AreForgottenTenMinutesLater()
    {
        var (sessions, views) = (_app.Get<Sessions>(), _app.Get<Views>());
        var (sessionsBefore, viewsBefore) = (sessions.Count, views.Count);
        var visits = await VisitAllAsync();
        Assert.AreEqual(sessionsBefore + Users, sessions.Count);
        Assert.AreEqual(viewsBefore + Users, views.Count);

        _clock.Advance(TimeSpan.FromMinutes(9));
        _app.Get<ExpiringCaches>().Clear();
        Assert.AreEqual(viewsBefore + Users, views.Count, "Somebody who comes back within ten minutes finds the view.");

        _clock.Advance(TimeSpan.FromMinutes(2));
        _app.Get<ExpiringCaches>().Clear();
        Assert.AreEqual(0, sessions.Count);
        Assert.AreEqual(0, views.Count);
        // The garbage collector is told by the cache's own callbacks, which come a little later.
        var limit = DateTime.UtcNow.AddSeconds(20);
        while (visits.Exists(visit => visit.IsAlive) && DateTime.UtcNow < limit)
        {
            GC.Collect();
            await Task.Delay(20);
        }

        Assert.AreEqual(0, visits.Count(visit => visit.IsAlive), "Something still holds users, sessions or views.");
    }

    [TestMethod]
    public async Task WhatIsUsed_IsKept()
    {
        var views = _app.Get<Views>();
        var (view, _) = await views.GetAsync(1001, CancellationToken.None);
        for (var minutes = 0; minutes < 60; minutes += 5)
        {
            _clock.Advance(TimeSpan.FromMinutes(5));
            _app.Get<ExpiringCaches>().Clear();
            Assert.AreSame(view, (await views.GetAsync(1001, CancellationToken.None)).View);
        }
    }

    [TestMethod]
    public void TheServer_ClearsByItself() =>
        Assert.Contains(_app.Get<ExpiringCaches>(), _app.Get<IEnumerable<IHostedService>>());

    /// <summary>By itself, so that no local variable keeps anybody.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<List<WeakReference>> VisitAllAsync()
    {
        var visits = new List<WeakReference>();
        for (var user = 1001; user <= 1000 + Users; user++)
        {
            var session = await _app.Get<Sessions>().FindAsync($"s{user}", CancellationToken.None);
            var (view, _) = await _app.Get<Views>().GetAsync(user, CancellationToken.None);
            Assert.IsTrue(_app.Get<TotalAnswers>().TryAnswer(new DefaultHttpContext(), session!.User, view));
            visits.AddRange([new WeakReference(session), new WeakReference(session.User), new WeakReference(view)]);
        }

        return visits;
    }
}
