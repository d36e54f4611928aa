using System.Text;
using Atoll.Analyzers.Tests.Harness;
using Xunit;

namespace Atoll.Analyzers.Tests.Trust;

/// <summary>
/// Every place that ends a proof is in kernel/Trusted.txt, with its reason: none comes, goes or changes its reason
/// without a line in review.
/// </summary>
public sealed class TrustedRatchetTests
{
    private static readonly string[] s_folders = ["kernel", "services"];

    [Fact]
    public void TrustedPlaces_AreTheOnesThatWereReviewed()
    {
        string path = Repository.PathOf("kernel", "Trusted.txt");
        string present = Describe();
        if (Environment.GetEnvironmentVariable("ATOLL_ACCEPT") == "1")
        {
            File.WriteAllText(path, present);
        }

        string reviewed = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(
            present == reviewed,
            "kernel/Trusted.txt is not what the sources say; './build.sh test analyzers --accept' updates it.\n"
                + Difference(reviewed, present));
    }

    /// <summary>Each kind of declaration that the attribute may stand on, under each of its names.</summary>
    [Theory]
    [InlineData("struct S { [Trusted(Safety = \"a\")] void M(int x, ref byte y) { } }", "S.M(int, byte): \"a\"")]
    [InlineData("struct S<T> { [Atoll.Trusted(Safety = \"a\")] void M<U>() { } }", "S<T>.M<U>(): \"a\"")]
    [InlineData("[TrustedAttribute(Safety = Why)] class C;", "C: Why")]
    [InlineData("[global::Atoll.Trusted] interface I;", "I: ")]
    [InlineData("struct S { struct Inner { [Trusted(Safety = \"a\")] int _x, _y; } }", "S.Inner._x, _y: \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] S(int x) { } }", "S.S(int): \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] int P => 1; }", "S.P: \"a\"")]
    [InlineData("struct S { [Trusted(Safety = \"a\")] public static S operator +(S a, S b) => a; }", "S.operator +(S, S): \"a\"")]
    public void Place_IsNamed(string source, string expected) => Assert.Equal([expected], TrustedPlaces.In(source));

    [Theory]
    [InlineData("// [Trusted(Safety = \"a\")]\nstruct S;")]
    [InlineData("[Obsolete] struct S { const string Trusted = \"[Trusted]\"; }")]
    public void OtherText_IsNoPlace(string source) => Assert.Empty(TrustedPlaces.In(source));

    private static string Describe()
    {
        var text = new StringBuilder(
            """
            # Every place of the kernel and its services that ends a proof ([Trusted]), room by room, with its reason. The test 'TrustedRatchet'
            # fails when the sources say anything else; './build.sh test analyzers --accept' updates this file.

            """.ReplaceLineEndings("\n"));
        IEnumerable<(string Room, string Place)> places = s_folders
            .SelectMany(folder => Repository.CSharpFiles(Repository.PathOf(folder)))
            .Where(static file => !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(static part => part is "bin" or "obj"))
            .SelectMany(file => TrustedPlaces.In(File.ReadAllText(file)).Select(place => (RoomOf(file), place)));
        foreach (IGrouping<string, string> room in places.GroupBy(static one => one.Room, static one => one.Place)
            .OrderBy(static room => room.Key, StringComparer.Ordinal))
        {
            text.Append($"\n{room.Key}: {room.Count()}\n");
            foreach (string place in room.Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(place.ReplaceLineEndings(" ")).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string RoomOf(string file) =>
        string.Join('/', Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Take(2));

    private static string Difference(string reviewed, string present)
    {
        string[] before = reviewed.Split('\n');
        string[] now = present.Split('\n');
        return string.Join('\n', [.. before.Except(now).Select(static line => $"- {line}"), .. now.Except(before).Select(static line => $"+ {line}")]);
    }
}
