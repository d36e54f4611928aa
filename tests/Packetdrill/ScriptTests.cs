using Atoll.Packetdrill.Scripting;

namespace Atoll.Packetdrill.Tests;

/// <summary>Every script of the folder, against the stack in this process.</summary>
public sealed class ScriptTests
{
    public static TheoryData<string> Scripts => [.. ScriptFolder.Names];

    [Theory]
    [MemberData(nameof(Scripts))]
    public void Script_Holds(string name)
    {
        using var stack = new ManagedStack();

        string? failure = new ScriptRunner(ScriptFolder.Read(name), stack).Run();

        Assert.True(failure is null, failure);
    }

    [Fact]
    public void There_AreFortyScripts_AtLeast() => Assert.True(ScriptFolder.Names.Count >= 40);

    // A runner that finds nothing proves nothing.
    [Theory]
    [InlineData("> S. 0:0(0) ack 1 <mss 1460>", "> S. 0:0(0) ack 2 <mss 1460>")]
    [InlineData("> S. 0:0(0) ack 1 <mss 1460>", "> S. 0:0(0) ack 1 <mss 1459>")]
    [InlineData("> S. 0:0(0) ack 1 <mss 1460>", "> S. 0:0(0) ack 1")]
    [InlineData(".04 > . 1:1(0) ack 2101", ".01 > . 1:1(0) ack 2101")]
    [InlineData(".04 > . 1:1(0) ack 2101", ".04 > P. 1:1(0) ack 2101")]
    [InlineData("read(4, ..., 4000) = 2100", "read(4, ..., 4000) = 2000")]
    [InlineData("= 2100", "= 2100\n+0 > . 1:1(0) ack 2102")]
    public void Script_ThatSaysSomethingElse_Fails(string right, string wrong)
    {
        string text = ScriptFolder.Text("delayed-ack");
        Assert.Contains(right, text, StringComparison.Ordinal);
        using var stack = new ManagedStack();

        string? failure = new ScriptRunner(Script.Parse("changed", text.Replace(right, wrong, StringComparison.Ordinal)), stack).Run();

        Assert.StartsWith("changed:", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("listen(3, 1) = 0", "a line begins with a time")]
    [InlineData("0 listen(3, 1)", "neither a packet")]
    [InlineData("0 < X 0:0(0)", "no segment")]
    [InlineData("0 < . 0:5(4) ack 1 win 5", "is not 4 bytes")]
    public void LineThatIsNoneOfTheLanguage_IsNamed(string line, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => Script.Parse("s", "// one\n" + line)).Message, StringComparison.Ordinal);
}
