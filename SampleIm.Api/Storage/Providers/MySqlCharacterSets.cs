using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using MySql.Data.MySqlClient;

namespace SampleIm.Api.Storage.Providers;

/// <summary>
/// Newer servers call "utf8mb3" what the driver knows as "utf8". It meets the name in the answer to SHOW WARNINGS, which it
/// asks for by itself, fails there, and leaves the connection out of step: the next statement would read the wrong answer.
/// So the driver is taught the name. docs/decisions/0002 says when this can go.
/// </summary>
public static class MySqlCharacterSets
{
    private static readonly Lazy<bool> s_isComplete = new(Teach);

    /// <summary>To be called before the first connection.</summary>
    /// <exception cref="NotSupportedException">The driver is another version than the one that this was made for.</exception>
    public static void Complete() => _ = s_isComplete.Value;

    private static bool Teach()
    {
        var owner = typeof(MySqlConnection).Assembly.GetType("MySql.Data.MySqlClient.CharSetMap");
        if (owner?.GetField("_mapping", BindingFlags.Static | BindingFlags.NonPublic) is not { } field)
        {
            throw new NotSupportedException(
                "This version of MySql.Data keeps its character sets elsewhere: see whether it knows utf8mb3 by itself.");
        }

        RuntimeHelpers.RunClassConstructor(owner.TypeHandle);
        var known = (IDictionary)field.GetValue(null)!;
        known["utf8mb3"] = known["utf8"];
        return true;
    }
}
