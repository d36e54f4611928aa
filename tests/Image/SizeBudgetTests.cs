using Atoll.Linker.Elf;
using Atoll.Linker.Inspect;

namespace Atoll.Image.Tests;

/// <summary>The image grows only when somebody has said why.</summary>
public sealed class SizeBudgetTests
{
    private static readonly string[] s_budget = ["# part bytes reason", "", "text 1000 code", "data 100 tables, and more of them"];

    [Fact]
    public void KernelImage_KeepsToItsBudget()
    {
        SizeBudget budget = SizeBudget.Parse(File.ReadLines(KernelImage.In("kernel", "Image", "SizeBudget.txt")));

        Assert.Empty(budget.Judge(SizesOf(KernelImage.Inspect())));
    }

    [Theory]
    [InlineData(1000, 100, null)]
    [InlineData(910, 50, null)]
    [InlineData(1001, 100, "text has 1001 bytes, 1 more")]
    [InlineData(1000, 101, "data has 101 bytes, 1 more")]
    [InlineData(800, 100, "text has 800 bytes, far below")]
    public void Judgement(int text, int data, string? complaint)
    {
        string[] found = [.. SizeBudget.Parse(s_budget).Judge(new Dictionary<string, ulong>
        {
            ["text"] = (ulong)text,
            ["data"] = (ulong)data,
        })];

        Assert.Equal(complaint is null ? 0 : 1, found.Length);
        Assert.StartsWith(complaint ?? "", string.Concat(found), StringComparison.Ordinal);
    }

    [Fact]
    public void BudgetWithoutReason_AndPartWithoutBudget_AreFound()
    {
        Dictionary<string, ulong> sizes = new() { ["text"] = 1000, ["data"] = 100 };

        Assert.Equal(["data: the budget has no reason"], SizeBudget.Parse(["text 1000 code", "data 100"]).Judge(sizes));
        Assert.Single(SizeBudget.Parse(["text 1000 code"]).Judge(sizes));
    }

    /// <summary>The three segments that stay after the boot, by their rights.</summary>
    private static Dictionary<string, ulong> SizesOf(ImageReport report) => report.Segments
        .Where(segment => segment.VirtualAddress != segment.PhysicalAddress)
        .ToDictionary(
            segment => (segment.Flags & (ElfNative.PF_W | ElfNative.PF_X)) switch
            {
                ElfNative.PF_X => "text",
                ElfNative.PF_W => "data",
                _ => "read-only",
            },
            segment => segment.MemoryBytes);
}
