using System.Text;
using Atoll.Linker.Trampolines;
using Iced.Intel;
using Xunit;

namespace Atoll.Linker.Tests.Trampolines;

/// <summary>Runs the boot entry on processors with and without what the kernel needs.</summary>
public class CpuCheckTests
{
    private const uint Basic = 0x0000_0001;
    private const uint Extended = 0x8000_0001;

    private readonly TrampolineImage _image = new();

    public static TheoryData<string> FeatureNames => [.. CpuFeatureTable.Features.Select(feature => feature.Name)];

    [Fact]
    public void SufficientProcessorGoesOnToLongModeWithStartInfoAndTimeStamp()
    {
        BootMachine machine = new(_image, Processor()) { TimeStamp = 0x0123_4567_89AB_CDEF, [Register.EBX] = 0x21E0 };
        Instruction end = machine.RunFrom(_image[PvhEntry.Symbol]);

        Assert.True(end.IsJmpFar);
        Assert.Equal(0x21E0u, machine[Register.EBX]);
        Assert.Equal(0x89AB_CDEFu, machine[Register.ESI]);
        Assert.Equal(0x0123_4567u, machine[Register.EDI]);
        Assert.Equal(_image["boot_stack"] + 0x2000, machine[Register.ESP]);
        Assert.Empty(machine.Outputs);
    }

    [Theory]
    [MemberData(nameof(FeatureNames))]
    public void MissingFeatureIsNamed(string name)
    {
        CpuFeature feature = CpuFeatureTable.Features.Single(feature => feature.Name == name);
        BootMachine machine = new(_image, Processor(leaf =>
            leaf != feature.Leaf
                ? [~0u, ~0u, ~0u, ~0u]
                : feature.Output == Register.ECX
                    ? [~0u, ~0u, ~(1u << feature.Bit), ~0u]
                    : [~0u, ~0u, ~0u, ~(1u << feature.Bit)]));
        AssertRefused(machine, name);
        // A port that is ready is looked at once for each byte: between 7 bytes of set-up and the exit.
        Assert.Equal(machine.Outputs.Count - 8, machine.Inputs);
    }

    [Theory]
    [InlineData(0x8000_0000)] // the range is there, but not leaf 0x80000001
    [InlineData(0x0000_0000)]
    [InlineData(0x0000_0683)] // no extended range: the highest basic leaf answers, whatever it holds
    public void ProcessorWithoutExtendedLeafIsNotAskedForIt(uint lastExtendedLeaf)
    {
        BootMachine machine = new(_image, leaf => leaf switch
        {
            0x8000_0000 => [lastExtendedLeaf, ~0u, ~0u, ~0u],
            _ => [~0u, ~0u, ~0u, ~0u],
        });
        AssertRefused(machine, "long-mode");
    }

    [Fact]
    public void DeadPortDoesNotKeepUsFromTheExit()
    {
        BootMachine machine = new(_image, Processor(_ => [0, 0, 0, 0])) { LineStatus = 0 };
        AssertRefused(machine, "long-mode");
        // It is given 10 000 looks, some 10 ms, to take each byte: many times the 87 µs that one needs.
        Assert.Equal(10_000 * Printed(machine).Length, machine.Inputs);
    }

    private void AssertRefused(BootMachine machine, string name)
    {
        Assert.Equal(Mnemonic.Hlt, machine.RunFrom(_image[PvhEntry.Symbol]).Mnemonic);
        Assert.Equal(
            $"atoll: this CPU lacks {name}, or its firmware has turned it off, and the kernel is compiled for it; "
            + "use a CPU with x86-64-v2 (QEMU: -cpu max)\n"
            + $"@verdict result=fail reason=cpu-feature-{name}\n",
            Printed(machine));
        Assert.Equal((0xF4u, (byte)0x11), machine.Outputs[^1]);
    }

    private static string Printed(BootMachine machine)
    {
        const int SetUpBytes = 7;
        IEnumerable<byte> bytes =
            machine.Outputs.Skip(SetUpBytes).Where(output => output.Port == 0x3F8).Select(output => output.Value);
        return Encoding.ASCII.GetString([.. bytes]);
    }

    /// <summary>Answers to CPUID: both ranges reach far enough, and every bit is set unless said otherwise.</summary>
    private static Func<uint, uint[]> Processor(Func<uint, uint[]>? features = null) => leaf => leaf switch
    {
        0 => [Basic, 0, 0, 0],
        0x8000_0000 => [Extended, 0, 0, 0],
        Basic or Extended => features?.Invoke(leaf) ?? [~0u, ~0u, ~0u, ~0u],
        _ => throw new InvalidOperationException($"Nobody asks for leaf 0x{leaf:x}."),
    };
}
