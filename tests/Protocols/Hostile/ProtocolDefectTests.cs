using Xunit.Abstractions;

namespace Atoll.Protocols.Tests.Hostile;

/// <summary>The hostile run finds what it is for: each mistake, planted, makes it fail.</summary>
public sealed class ProtocolDefectTests(ITestOutputHelper output)
{
    private static readonly DefectiveProtocol s_protocol = new();

    public static TheoryData<string> Defects => [.. ProtocolDefect.All.Select(defect => defect.Name)];

    /// <summary>Compiled the same way, without an edit.</summary>
    [Fact]
    public void SoundProtocol_Passes() => Assert.Null(s_protocol.Run(defect: null));

    [Theory]
    [InlineData("a server takes messages that are too short or too long")]
    [InlineData("a client takes more bytes than it has room for")]
    [InlineData("bytes may end behind the message")]
    [InlineData("the last word brings bytes of an earlier message")]
    public void Defect_IsFound_Sample(string name) => Find(name);

    [Theory]
    [MemberData(nameof(Defects))]
    [Trait("Category", "Long")]
    public void Defect_IsFound(string name) => Find(name);

    /// <summary>The edits fit the sources.</summary>
    [Fact]
    public void EveryEdit_ChangesSomething() => Assert.Empty(ProtocolDefect.All.Select(s_protocol.Fault).OfType<string>());

    private void Find(string name)
    {
        string? failure = s_protocol.Run(ProtocolDefect.All.Single(defect => defect.Name == name));
        Assert.True(failure is not null, $"not found: {name}");
        output.WriteLine($"{name}: {failure}");
    }
}
