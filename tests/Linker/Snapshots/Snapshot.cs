using System.Runtime.CompilerServices;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Xunit;

namespace Atoll.Linker.Tests.Snapshots;

/// <summary>Compares a text with the file that somebody has looked at and accepted.</summary>
/// <remarks>
/// Verify's file convention, so that Verify.Xunit can take over: <c>NAME.verified.txt</c> beside the test is the
/// accepted text; on a difference the new one is written to <c>NAME.received.txt</c>, which is never committed.
/// <c>ATOLL_ACCEPT=1</c> in the environment accepts it.
/// </remarks>
internal static class Snapshot
{
    /// <summary>Fails, with the difference, unless the text is the accepted one.</summary>
    /// <param name="name">Name of the snapshot.</param>
    /// <param name="received">What the code makes now. Lines end with LF.</param>
    /// <param name="accept">Whether to take it as the accepted text; otherwise the environment says so.</param>
    /// <param name="directory">Where the files lie; otherwise beside the calling test.</param>
    /// <param name="testFile">The calling test's file.</param>
    public static void Verify(
        string name,
        string received,
        bool? accept = null,
        string? directory = null,
        [CallerFilePath] string testFile = "")
    {
        directory ??= SourceDirectory.Of(testFile);
        string verifiedPath = Path.Combine(directory, name + ".verified.txt");
        string receivedPath = Path.Combine(directory, name + ".received.txt");
        string verified = File.Exists(verifiedPath) ? ReadNormalised(verifiedPath) : "";
        if (received == verified)
        {
            File.Delete(receivedPath);
            return;
        }

        if (accept ?? Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(verifiedPath, received);
            File.Delete(receivedPath);
            return;
        }

        File.WriteAllText(receivedPath, received);
        Assert.Fail($"{name} is not as accepted; ./build.sh test --accept accepts it.\n{Difference(verified, received)}");
    }

    private static string ReadNormalised(string path) => File.ReadAllText(path).Replace("\r\n", "\n");

    private static string Difference(string verified, string received)
    {
        StringBuilder text = new();
        foreach (DiffPiece line in new InlineDiffBuilder(new Differ()).BuildDiffModel(verified, received).Lines)
        {
            string? mark = line.Type switch
            {
                ChangeType.Deleted => "- ",
                ChangeType.Inserted => "+ ",
                _ => null,
            };
            if (mark is not null)
            {
                text.Append(mark).Append(line.Text).Append('\n');
            }
        }

        return text.ToString();
    }
}
