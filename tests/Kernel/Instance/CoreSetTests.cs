using Atoll.Arch;
using Atoll.Instance;
using Atoll.Kernel.Tests.Machine;

namespace Atoll.Kernel.Tests.Instance;

/// <summary>A set of cores against a set of numbers.</summary>
public sealed class CoreSetTests
{
    [Fact]
    public void EveryOperation_AgreesWithASet() => Seeds.ForEach(100, random =>
    {
        CoreSet set = default;
        SortedSet<uint> oracle = [];
        for (int step = 0; step < 200; step++)
        {
            uint core = (uint)random.Next(128);
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

            uint asked = (uint)random.Next(140);
            Assert.Equal(oracle.Contains(asked), set.Has(asked));
            Assert.Equal(oracle.Count == 0, set.IsEmpty);
            uint from = (uint)random.Next(128);
            Assert.Equal(Next(oracle, from), set.Next(from));
        }
    });

    [Fact]
    public void CoresThatNoMachineHas_AreNeverIn()
    {
        CoreSet set = new() { Low = ulong.MaxValue, High = ulong.MaxValue };
        foreach (uint core in (uint[])[128, 129, 192, 1u << 31, uint.MaxValue])
        {
            Assert.False(set.Has(core));
            set.Remove(core);
            Assert.Throws<CheckFailedException>(() => default(CoreSet).Add(core));
        }

        Assert.Equal((ulong.MaxValue, ulong.MaxValue), (set.Low, set.High));
    }

    // The next one upwards, round the end; itself when there is no other.
    private static uint Next(SortedSet<uint> cores, uint core) =>
        cores.Where(other => other > core).Concat(cores.Where(other => other < core)).Append(core).First();
}
