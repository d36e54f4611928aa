namespace Atoll.Linker.Trampolines;

/// <summary>Symbols that trampolines refer to and somebody else defines.</summary>
public static class SymbolNames
{
    /// <summary>C# entry on the boot tables.</summary>
    public const string BootMain = "atoll_boot_main";

    /// <summary>C# entry on an instance's own tables.</summary>
    public const string InstanceMain = "atoll_instance_main";

    /// <summary>C# handler of every interrupt and exception.</summary>
    public const string Trap = "atoll_trap";

    /// <summary>C# root of <see cref="Abi.SystemCall.Call"/>: <c>ulong (address, header, word 0 to word 3)</c>, an exit
    /// word.</summary>
    public const string Call = "atoll_call";

    /// <summary>C# root of <see cref="Abi.SystemCall.ReplyReceive"/>: the same six, and the address of the
    /// reply.</summary>
    public const string ReplyReceive = "atoll_reply_receive";

    /// <summary>C# root of every other system call: the same six, number, address of the reply, deadline.</summary>
    public const string SystemCall = "atoll_system_call";

    /// <summary>C# root of interrupts and exceptions from ring 3: <c>ulong ()</c>, an exit word.</summary>
    public const string UserTrap = "atoll_user_trap";

    /// <summary>C# root of the event loop on an empty stack: <c>void ()</c>, never returns.</summary>
    public const string Idle = "atoll_idle";

    /// <summary>The linker's <see cref="Abi.ImageInfo"/> in read-only data.</summary>
    public const string ImageInfo = "image_info";

    /// <summary>The boot copy of data: page aligned, as long as data with its zeroed part.</summary>
    public const string BootDataCopy = "boot_data_copy";

    /// <summary>First virtual address of text.</summary>
    public const string TextStart = "__text_start";

    /// <summary>Virtual end of text, page aligned.</summary>
    public const string TextEnd = "__text_end";

    /// <summary>First virtual address of read-only data.</summary>
    public const string ReadOnlyStart = "__readonly_start";

    /// <summary>Virtual end of read-only data, page aligned.</summary>
    public const string ReadOnlyEnd = "__readonly_end";

    /// <summary>First virtual address of data.</summary>
    public const string DataStart = "__data_start";

    /// <summary>Virtual end of data with its zeroed part, page aligned.</summary>
    public const string DataEnd = "__data_end";

    /// <summary>Virtual end of the bytes of data that the file holds.</summary>
    public const string DataFileEnd = "__data_file_end";

    /// <summary>Physical address of the pristine data.</summary>
    public const string DataLoadStart = "__data_load_start";

    /// <summary>First address of boot code.</summary>
    public const string BootCodeStart = "__boot_code_start";

    /// <summary>End of boot code.</summary>
    public const string BootCodeEnd = "__boot_code_end";
}
