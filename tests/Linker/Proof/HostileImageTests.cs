using System.Diagnostics;
using Atoll.Linker.Diagnostics;
using Atoll.Linker.Proof;
using Atoll.Linker.Tests.Elf;
using Atoll.Linker.Tests.Passes;

namespace Atoll.Linker.Tests.Proof;

/// <summary>Images that somebody has damaged, or made to break whoever reads them.</summary>
public sealed class HostileImageTests
{
    private static readonly byte[] s_good = LinkedImage.Of(ObjectBuilder.WithRoots()).Bytes;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void DamageNeverThrowsAndAFileThatCannotBeReadIsNotProved(int seed)
    {
        Random random = new(seed);
        int[] interesting = [.. Interesting()];
        for (int round = 0; round < 150; round++)
        {
            byte[] damaged = [.. s_good];
            for (int count = random.Next(1, 5); count > 0; count--)
            {
                // Half the damage where it hurts: headers, tables, claims; half anywhere.
                int position = random.Next(2) == 0 ? interesting[random.Next(interesting.Length)] : random.Next(damaged.Length);
                damaged[position] = (byte)random.Next(256);
            }

            damaged = random.Next(8) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
            Bounded.Run(seed, round, () =>
            {
                DiagnosticBag findings = new();
                ProofReport? report = ImageProof.Run(damaged, "damaged.elf", findings);
                Assert.Equal(report is not { Holds: true }, findings.HasAny);
            });
        }
    }

    [Theory]
    [InlineData("entry pvh_entry nowhere")]
    [InlineData("stack upside-down 2000 1000")]
    [InlineData("stack empty 1000 1000")]
    [InlineData("stack kernel")]
    [InlineData("mode atoll_trap 17")]
    [InlineData("mode pvh_entry 64")]
    [InlineData("privileged atoll_trap")]
    [InlineData("site 1g x64_halt hlt")]
    [InlineData("copied far 64 100000 10 fffffffffffffff8")]
    [InlineData("traps idt tss 2")]
    [InlineData("anything goes")]
    public void ClaimThatIsNotUnderstoodIsRefused(string claim)
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        IReadOnlyList<string> claims = ProofSubject.Prove(image.Bytes).Report!.Trusted;

        Diagnostic finding = ProofSubject.Finding(image.WithClaims([.. claims, claim]));

        Assert.Equal("ATL9050", finding.Id);
        Assert.Contains($"the line '{claim}'", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LongChainOfCallsIsNoOverflowOfTheProver()
    {
        // Each function jumps to the next: 2,000 of them.
        ObjectBuilder builder = ProofSubject.Kernel([0xE9, 0, 0, 0, 0], Fixup.Call("f0"));
        for (int index = 0; index < 2_000; index++)
        {
            builder.Code($"f{index}", [0xE9, 0, 0, 0, 0], Fixup.Call(index == 1_999 ? "atoll_trap" : $"f{index + 1}"));
        }

        Assert.Contains(
            ProofSubject.Findings(LinkedImage.Of(builder).Bytes, "ATL9057"),
            finding => finding.Message.Contains("ends a chain of 256 calls", StringComparison.Ordinal));
    }

    [Fact]
    public void ManyFunctionsAreProvedInLinearTime()
    {
        // Every function calls the next two: a walk that remembered nothing would take 2^100 steps.
        ObjectBuilder builder = ProofSubject.Kernel([0xE9, 0, 0, 0, 0], Fixup.Call("f0"));
        for (int index = 0; index < 100; index++)
        {
            // je next; jmp next but one
            builder.Code(
                $"f{index}",
                [0x0F, 0x84, 0, 0, 0, 0, 0xE9, 0, 0, 0, 0],
                Fixup.Call(index > 98 ? "atoll_trap" : $"f{index + 1}") with { Offset = 2 },
                Fixup.Call(index > 97 ? "atoll_trap" : $"f{index + 2}") with { Offset = 7 });
        }

        long start = Stopwatch.GetTimestamp();
        Assert.Empty(ProofSubject.Prove(LinkedImage.Of(builder).Bytes).Findings);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    /// <summary>The ELF header, program headers, section headers, symbols, claims and the IDT.</summary>
    private static IEnumerable<int> Interesting()
    {
        LinkedImage image = LinkedImage.Of(ObjectBuilder.WithRoots());
        IEnumerable<int> tables = image.File.Sections
            .Where(section => section.Name is ".symtab" or ".strtab" or ".shstrtab" or ".note.atoll.claims" or ".debug_frame" or ".text")
            .SelectMany(section => Enumerable.Range((int)section.FileOffset, section.Content.Length));
        int sections = (int)BitConverter.ToUInt64(image.Bytes, 40);
        return Enumerable.Range(0, 600).Concat(tables).Concat(Enumerable.Range(sections, image.Bytes.Length - sections));
    }
}
