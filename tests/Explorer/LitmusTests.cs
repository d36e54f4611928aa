using System.Runtime.InteropServices;
using Atoll.Explorer.Actors;
using Atoll.Explorer.Scenarios;
using Atoll.Explorer.Search;
using Atoll.Explorer.Tso;

namespace Atoll.Explorer;

/// <summary>The modelled memory against the litmus tests that define x86-TSO.</summary>
/// <remarks>
/// Verdicts from Sewell et al., "x86-TSO", CACM 53(7), 2010 (SB, IRIW, n6, n5, n4b) and Intel SDM Vol. 3A, "Examples
/// Illustrating the Memory-Ordering Principles" (stores in order, loads not passed by stores, intra-processor
/// forwarding).
/// </remarks>
public sealed unsafe class LitmusTests
{
    /// <summary>Builds the threads of a test over words x and y.</summary>
    private delegate LitmusThread[] Threads(nint x, nint y);

    [Fact]
    public void StoreBuffering_IsAllowed() =>
        Assert.Contains("0 0 0 0", Outcomes((x, y) => [new(Store(x, 1), Load(y, 1)), new(Store(y, 1), Load(x, 2))]));

    [Fact]
    public void StoreBuffering_WithFences_IsForbidden() =>
        Assert.DoesNotContain(
            "0 0 0 0",
            Outcomes((x, y) => [new(Store(x, 1), Fence(), Load(y, 1)), new(Store(y, 1), Fence(), Load(x, 2))]));

    [Fact]
    public void StoreBuffering_WithOneFence_IsAllowed() =>
        Assert.Contains(
            "0 0 0 0",
            Outcomes((x, y) => [new(Store(x, 1), Fence(), Load(y, 1)), new(Store(y, 1), Load(x, 2))]));

    [Fact]
    public void MessagePassing_IsInOrder() =>
        Assert.DoesNotContain(
            "1 0 0 0",
            Outcomes((x, y) => [new(Store(x, 1), Store(y, 1)), new(Load(y, 1), Load(x, 2))]));

    [Fact]
    public void LoadBuffering_IsForbidden() =>
        Assert.DoesNotContain(
            "1 1 0 0",
            Outcomes((x, y) => [new(Load(x, 1), Store(y, 1)), new(Load(y, 2), Store(x, 1))]));

    [Fact]
    public void OwnStoresAreSeenEarly_IntraProcessorForwarding() =>
        Assert.Contains(
            "1 0 1 0",
            Outcomes((x, y) => [new(Store(x, 1), Load(x, 1), Load(y, 2)), new(Store(y, 1), Load(y, 3), Load(x, 4))]));

    [Fact]
    public void IndependentReaders_AgreeOnTheOrder() =>
        Assert.DoesNotContain(
            "1 0 1 0",
            Outcomes((x, y) =>
            [
                new(Store(x, 1)),
                new(Store(y, 1)),
                new(Load(x, 1), Load(y, 2)),
                new(Load(y, 3), Load(x, 4)),
            ]));

    /// <summary>n6: the outcome that earlier models of the manuals forbade and processors showed.</summary>
    [Fact]
    public void N6_IsAllowed() =>
        Assert.Contains(
            "1 0 0 0 x=1",
            Outcomes(
                (x, y) => [new(Store(x, 1), Load(x, 1), Load(y, 2)), new(Store(y, 2), Store(x, 2))],
                showsX: true));

    [Fact]
    public void N5_IsForbidden() =>
        Assert.DoesNotContain(
            "2 1 0 0",
            Outcomes((x, _) => [new(Store(x, 1), Load(x, 1)), new(Store(x, 2), Load(x, 2))]));

    [Fact]
    public void N4b_IsForbidden() =>
        Assert.DoesNotContain(
            "2 1 0 0",
            Outcomes((x, _) => [new(Load(x, 1), Store(x, 1)), new(Load(x, 2), Store(x, 2))]));

    private static LitmusStep Store(nint word, int value) => new(word, value);

    private static LitmusStep Load(nint word, int register) => new(word, Register: register);

    private static LitmusStep Fence() => default;

    /// <summary>All final values of the four registers, with and without folded stores: both must agree.</summary>
    private static HashSet<string> Outcomes(Threads threads, bool showsX = false)
    {
        HashSet<string> folded = Outcomes(threads, showsX, foldsStores: true);
        Assert.Equal(Outcomes(threads, showsX, foldsStores: false), folded);
        return folded;
    }

    private static HashSet<string> Outcomes(Threads threads, bool showsX, bool foldsStores)
    {
        HashSet<string> outcomes = [];
        StateSearch.Run(Build, machine => outcomes.Add(Outcome(machine)));
        return outcomes;

        string Outcome(TsoMachine machine) => Registers(machine) + (showsX ? $" x={machine.MemoryAt(0)}" : "");

        Model Build()
        {
            ModelBuilder builder = new(Setting.Default with { FoldsStores = foldsStores });
            nint x = (nint)builder.AddWord("x");
            nint y = (nint)builder.AddWord("y");
            foreach (LitmusThread thread in threads(x, y))
            {
                builder.AddCore(CoreKind.Kernel, Mortality.Lives, thread);
            }

            return builder.Build();
        }
    }

    private static string Registers(TsoMachine machine)
    {
        ulong[] values = new ulong[4];
        foreach (Core core in machine.Cores)
        {
            LitmusRegisters state = MemoryMarshal.Read<LitmusRegisters>(core.Contexts[0].Committed);
            for (int register = 0; register < values.Length; register++)
            {
                values[register] |= state.Values[register];
            }
        }

        return string.Join(' ', values);
    }
}
