namespace Atoll.Mutants;

/// <summary>What became of each mutant so far, in a file: the process that tests may be ended by one.</summary>
/// <remarks>Lines: <c>begin N</c>, <c>noticed N by what</c>, <c>survived N what it is</c>, <c>kept</c> (all before is true: the tests still pass), <c>spoiled</c> (all since the last is not).</remarks>
internal sealed class Journal(string path)
{
    /// <summary>Writes a line.</summary>
    internal void Write(string line) => File.AppendAllText(path, line + "\n");

    /// <summary>When the last line was written.</summary>
    internal DateTime LastWrite => File.GetLastWriteTimeUtc(path);

    /// <summary>What is known, by mutant: by what it was noticed; null, that it survived.</summary>
    internal Dictionary<int, string?> Read()
    {
        Dictionary<int, string?> kept = [];
        Dictionary<int, string?> open = [];
        foreach (string[] words in File.ReadAllLines(path).Select(line => line.Split(' ', 3)))
        {
            switch (words[0])
            {
                case "noticed":
                    open[int.Parse(words[1])] = words[2];
                    break;
                case "survived":
                    open[int.Parse(words[1])] = null;
                    break;
                case "kept":
                    foreach ((int id, string? by) in open)
                    {
                        kept[id] = by;
                    }

                    open.Clear();
                    break;
                case "spoiled":
                    open.Clear();
                    break;
            }
        }

        foreach ((int id, string? by) in open)
        {
            kept[id] = by;
        }

        return kept;
    }

    /// <summary>The mutant of which something became last, if nobody has looked since whether the tests still pass.</summary>
    internal int? LastOpen()
    {
        string[] last = (File.ReadAllLines(path).LastOrDefault() ?? "").Split(' ');
        return last[0] is "noticed" or "survived" ? int.Parse(last[1]) : null;
    }

    /// <summary>The mutant that was begun last, if nothing became of it.</summary>
    internal int? Unfinished()
    {
        string last = File.ReadAllLines(path).LastOrDefault() ?? "";
        return last.StartsWith("begin ", StringComparison.Ordinal) ? int.Parse(last.Split(' ')[1]) : null;
    }
}
