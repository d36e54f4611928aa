namespace Atoll.Base;

/// <summary>Every bound of the kernel, with its unit and the reason for it.</summary>
public static class Limits
{
    /// <summary>Instances on one machine. xAPIC identifiers end at 254; the coordinator's tables are sized by this, no other instance's memory is.</summary>
    public const int InstanceCountMax = 255;

    /// <summary>Ranges of free memory that the frame pool tells apart. PC firmware lists about ten; returned memory adds some.</summary>
    public const int MemoryRangesMax = 64;

    /// <summary>Entries of the firmware's memory map that are looked at. More is a corrupt table.</summary>
    public const int FirmwareMapEntriesMax = 256;

    /// <summary>Bytes of boot parameters that are read. The PVH loader sets no bound of its own.</summary>
    public const int CommandLineBytesMax = 1024;

    /// <summary>Tables that an RSDT or XSDT may list. More is a corrupt table.</summary>
    public const int AcpiTablesMax = 256;

    /// <summary>Bytes of one ACPI table: a MADT of 256 cores has about 4 KiB, so 1 MiB is a corrupt length.</summary>
    public const uint AcpiTableBytesMax = 1024 * 1024;

    /// <summary>Return addresses in a crash record. Kernel stacks of 8 KiB hold fewer than that in practice.</summary>
    public const int CrashFramesMax = 32;

    /// <summary>Pairs of instances that may be linked at a time, the coordinator's own links not counted: 16 instances all with each other have 105, 255 in a ring 253.</summary>
    public const int LinkRecordsMax = 512;

    /// <summary>Messages that an event loop takes from one ring before it looks elsewhere.</summary>
    public const int RingBatchMax = 32;

    /// <summary>Empty turns of an event loop before it halts until its timer.</summary>
    public const int IdleTurnsMax = 64;

    /// <summary>Longest halt of an instance whose peer's ring is full, microseconds: no doorbell tells that slots came back.</summary>
    public const uint FullRingSleepMicroseconds = 200;

    /// <summary>Time a core may take from start-up interrupt to Healthy, milliseconds, when no boot parameter says otherwise.</summary>
    public const uint StartDeadlineMilliseconds = 2000;

    /// <summary>Time between two looks of the coordinator at everything, microseconds. A death rings its doorbell and is seen at once.</summary>
    public const uint LookMicroseconds = 10_000;

    /// <summary>The same when nothing has happened for long and nothing is awaited: each quiet look doubles the time, up to this.</summary>
    public const uint QuietLookMicroseconds = 1_000_000;

    /// <summary>Deadlines of a rung instance after which a silent sleeper is rung: it is woken for nothing else, so seldom.</summary>
    public const uint SleeperPatienceDeadlines = 5;

    /// <summary>Silence that one look of the coordinator may count, microseconds: two of its periods. More is the coordinator's own delay.</summary>
    public const uint SilencePerLookMicroseconds = 2 * LookMicroseconds;

    /// <summary>Time that a silent instance has for a turn once it was rung, milliseconds, when no boot parameter says otherwise. As generous as for a
    /// start: a virtual core may be out of work for long.</summary>
    public const uint HangDeadlineMilliseconds = 2000;

    /// <summary>Work that one system call does on deletion, before it says Again: so many slots that hold something,
    /// eight times as many empty ones.</summary>
    public const uint DeletionSlotsMax = 64;

    /// <summary>Bytes that one system call zeroes before it says Again: about 5000 instructions.</summary>
    public const ulong ClearedBytesMax = 64 * 1024;

    /// <summary>Address spaces that an instance can number at a time: the number has 16 bits for the place in the table.</summary>
    public const uint VSpacesMax = 65536;

    /// <summary>Most ends of channels on a core: their numbers are looked through one by one when one is made.</summary>
    public const uint ChannelsMax = 4096;
}
