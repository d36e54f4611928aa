using System.Runtime.CompilerServices;

namespace Atoll.Arch;

/// <summary>Entries of page tables: the thread's <see cref="SimulatedMachine"/> is told, since no page walker reads them.</summary>
public static unsafe class Translation
{
    /// <summary>Stores an entry. Tables of a test do not move.</summary>
    public static void Store(ref ulong entry, ulong value) =>
        SimulatedMachine.Current.StoreTranslation((ulong*)Unsafe.AsPointer(ref entry), value);
}
