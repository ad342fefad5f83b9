
namespace SampleIm.Api.Hosting.Configuration;

/// <summary>Finds the name that somebody may have meant.</summary>
public static class NearestName
{
    /// <summary>
    /// The name that takes the fewest slips to become the word, and how many. A slip is a letter too much, a missing one, another
    /// one, or two that are swapped.
    /// </summary>
    public static (string Name, int Slips) Of(string word, IEnumerable<string> names) =>
        names.Select(name => (name, Slips(word.ToUpperInvariant(), name.ToUpperInvariant()))).MinBy(candidate => candidate.Item2);

    private static int Slips(string word, string name)
    {
        var slips = new int[word.Length + 1, name.Length + 1];
        for (var row = 0; row <= word.Length; row++)
        {
            for (var column = 0; column <= name.Length; column++)
            {
                slips[row, column] = row == 0 || column == 0 ? row + column : Least(slips, word, name, row, column);
            }
        }

        return slips[word.Length, name.Length];
    }

    private static int Least(int[,] slips, string word, string name, int row, int column)
    {
        var other = slips[row - 1, column - 1] + (word[row - 1] == name[column - 1] ? 0 : 1);
        var least = Math.Min(other, Math.Min(slips[row - 1, column], slips[row, column - 1]) + 1);
        var isSwapped = row > 1 && column > 1 && word[row - 1] == name[column - 2] && word[row - 2] == name[column - 1];
        return isSwapped ? Math.Min(least, slips[row - 2, column - 2] + 1) : least;
    }
}
