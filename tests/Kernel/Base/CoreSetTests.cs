using Atoll.Base;
using Atoll.Arch;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Base;

/// <summary>A set of cores against a set of numbers.</summary>
public sealed class CoreSetTests
{
    private const int CoresMax = 255;

    [Fact]
    public void EveryOperation_AgreesWithASet() => Seeds.ForEach(100, random =>
    {
        CoreSet set = default;
        SortedSet<uint> oracle = [];
        for (int step = 0; step < 200; step++)
        {
            uint core = (uint)random.Next(CoresMax);
            if (random.Next(step / 50 % 2 == 0 ? 4 : 2) == 0)
            {
                set.Remove(core);
                oracle.Remove(core);
            }
            else
            {
                set.Add(core);
                oracle.Add(core);
            }

            uint asked = (uint)random.Next(CoresMax + 20);
            Assert.Equal(oracle.Contains(asked), set.Has(asked));
            Assert.Equal(oracle.Count == 0, set.IsEmpty);
            uint from = (uint)random.Next(CoresMax);
            Assert.Equal(Next(oracle, from), set.Next(from));
        }
    });

    [Fact]
    public void CoresThatNoMachineHas_AreNeverIn()
    {
        CoreSet set = default;
        for (int word = 0; word < CoreSet.WordCount; word++)
        {
            set.SetWord(word, ulong.MaxValue);
        }

        foreach (uint core in (uint[])[255, 256, 300, 1u << 31, uint.MaxValue])
        {
            Assert.False(set.Has(core));
            set.Remove(core);
            Assert.Throws<CheckFailedException>(() => default(CoreSet).Add(core));
        }

        // The last word has no bit for core 255.
        Assert.Equal(
            [ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, ulong.MaxValue >> 1],
            Enumerable.Range(0, CoreSet.WordCount).Select(set.Word));
    }

    // The next one upwards, round the end; itself when there is no other.
    private static uint Next(SortedSet<uint> cores, uint core) =>
        cores.Where(other => other > core).Concat(cores.Where(other => other < core)).Append(core).First();
}
