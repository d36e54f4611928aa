using System.Security.Cryptography;
using System.Text;

namespace Atoll.Cli.Testing;

/// <summary>Some of a room's members, drawn by a seed: what is mutated where all of the room would take hours.</summary>
/// <remarks>
/// A member is drawn by its file and the first line of its declaration, so an edit elsewhere draws no other members, and an edit within it keeps it drawn.
/// Members and not lines: a mutant counts as inside only when its whole text is, and many take several lines.
/// </remarks>
/// <param name="OneIn">One member in so many is drawn.</param>
/// <param name="Seed">Which ones: any number.</param>
public sealed record MutantSample(int OneIn, int Seed)
{
    private const int MemberIndent = 4;

    /// <summary>The members of the sample, as a file, and spans of its text.</summary>
    /// <param name="folder">Folder of the mutated project.</param>
    /// <param name="patterns">Which of its files: <c>FOLDER/**/*.cs</c>.</param>
    public IReadOnlyList<string> Draw(string folder, IEnumerable<string> patterns) =>
        [.. patterns.SelectMany(pattern => Files(folder, pattern)).Distinct().Order(StringComparer.Ordinal)
            .Select(file => Pattern(file, File.ReadAllText(Path.Combine(folder, file))))
            .OfType<string>()];

    /// <summary>The pattern of one file; null when nothing of it is drawn.</summary>
    /// <param name="file">Its path, from the folder of the mutated project.</param>
    /// <param name="text">What is in it.</param>
    public string? Pattern(string file, string text)
    {
        string spans = string.Concat(Members(text)
            .Where(member => IsDrawn(file, Declaration(text[member])))
            .Select(member => $"{{{member.Start.Value}..{member.End.Value}}}"));
        return spans.Length == 0 ? null : $"{file}{spans}";
    }

    /// <summary>Where the members of a file are, with what stands above each: together they are all of its text.</summary>
    /// <remarks>The layout of the sources is held by tests: an empty line between members, none of whose lines is less indented.</remarks>
    public static IEnumerable<Range> Members(string text)
    {
        int start = 0;
        int end = text.IndexOf("\n\n", StringComparison.Ordinal);
        while (end >= 0)
        {
            int next = end + 2;
            if (Indent(text, next) <= MemberIndent)
            {
                yield return start..next;
                start = next;
            }

            end = text.IndexOf("\n\n", next, StringComparison.Ordinal);
        }

        yield return start..text.Length;
    }

    private bool IsDrawn(string file, string declaration)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{Seed}\n{file}\n{declaration}"));
        return BitConverter.ToUInt32(hash) % (uint)OneIn == 0;
    }

    // Neither comment nor attribute.
    private static string Declaration(string member) =>
        member.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0 && line[0] is not ('/' or '[' or '#')) ?? "";

    private static int Indent(string text, int from)
    {
        int at = from;
        while (at < text.Length && text[at] == ' ')
        {
            at++;
        }

        return at - from;
    }

    private static IEnumerable<string> Files(string folder, string pattern)
    {
        string[] parts = pattern.Split("**/");
        string top = Path.Combine(folder, parts[0]);
        return Directory.EnumerateFiles(top, parts[^1], SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("obj/", StringComparison.Ordinal) && !file.StartsWith("bin/", StringComparison.Ordinal));
    }
}
