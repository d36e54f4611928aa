using Atoll.Cli.Running;
using Atoll.TestVm.Serial;

namespace Atoll.Cli.Tests.Running;

/// <summary>Boot records become phases with their cost, and instances.</summary>
public sealed class BootStoryTests
{
    private static readonly string[] s_boot =
    [
        "@boot phase=entry tsc=1000000",
        "@boot phase=memory tsc=3000000",
        "@clock tsc-hz=1000000000 apic-hz=1000000000",
        "@instance core=0 apic=0 state=healthy tables=0x1000 base=0x1000 pages=16 status=0x2000 wake=0x3000 instructions=5",
        "@start-failed core=1 apic=1 reason=deadline",
        "@boot phase=linked tsc=3500000",
    ];

    [Fact]
    public void Time_IsInMilliseconds() =>
        Assert.Equal(
            [
                "boot  entry (with firmware)         1.000 ms",
                "boot  memory                        2.000 ms",
                "boot  linked                        0.500 ms",
                "core   0  healthy, 64 KiB of its own at 0x1000, APIC id 0",
                "core   1  failed: deadline; its memory is free again",
            ],
            Story(isIcount: false).Lines());

    [Fact]
    public void Icount_IsInInstructions() =>
        Assert.Contains("boot  memory                        2,000,000 instructions", Story(isIcount: true).Lines());

    [Fact]
    public void Story_EndsWithTheLastPhase()
    {
        var story = new BootStory(isIcount: false);
        Assert.False(story.IsComplete);
        Assert.True(Story(isIcount: false).IsComplete);
    }

    private static BootStory Story(bool isIcount)
    {
        var story = new BootStory(isIcount);
        foreach (string line in s_boot)
        {
            Assert.True(SerialRecord.TryParse(line, out SerialRecord? record));
            story.Add(record);
        }

        return story;
    }
}
