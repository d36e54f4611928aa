namespace Atoll.Arch;

/// <summary>Entries of page tables: the thread's <see cref="SimulatedMachine"/> is told, since no page walker reads them.</summary>
public static unsafe class Translation
{
    /// <summary>Stores an entry.</summary>
    public static void Store(ulong* entry, ulong value) => SimulatedMachine.Current.StoreTranslation(entry, value);
}
