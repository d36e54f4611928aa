using System.Globalization;
using System.Text;

namespace Atoll.Linker.Proof.Reading;

/// <summary>What the makers of an image declare about it, read from the note that the file carries.</summary>
/// <remarks>
/// A claim is what the proof does not derive: it is obeyed, counted and listed in the report. The note's text has one
/// claim a line:
/// <c>mode NAME BITS</c>, <c>copied NAME BITS ADDRESS BYTES RUNS-AT</c>, <c>privileged NAME KIND…</c>,
/// <c>site ADDRESS STUB KIND…</c>, <c>jumps-anywhere NAME</c>, <c>exhausts-stack NAME</c>, <c>stack NAME LOW HIGH</c>,
/// <c>entry NAME STACK</c>, <c>user-entry NAME</c>, <c>user-exit NAME</c>, <c>abandons-stack NAME</c>, <c>traps IDT TSS NESTED</c> and, for an image that runs in ring 3, <c>program</c>. Numbers
/// are hexadecimal but for bits and nesting.
/// </remarks>
public sealed class ImageClaims
{
    /// <summary>Section of the note.</summary>
    public const string SectionName = ".note.atoll.claims";

    /// <summary>Owner of the note.</summary>
    public const string Owner = "Atoll";

    /// <summary>Type of the note in the owner's numbering.</summary>
    public const uint NoteType = 1;

    /// <summary>The claim of an image that runs in ring 3.</summary>
    public const string Program = "program";

    /// <summary>Stands for the stack of an entry that has none.</summary>
    public const string NoStack = "-";

    /// <summary>Most stacks: each use of one is held against all.</summary>
    private const int StacksMax = 64;

    private readonly Dictionary<string, int> _modes = [];
    private readonly List<CopiedClaim> _copied = [];
    private readonly List<PrivilegeClaim> _privileges = [];
    private readonly Dictionary<ulong, SiteClaim> _sites = [];
    private readonly HashSet<string> _anywhere = [];
    private readonly HashSet<string> _exhausts = [];
    private readonly List<StackClaim> _stacks = [];
    private readonly List<EntryClaim> _entries = [];
    private readonly List<string> _userEntries = [];
    private readonly HashSet<string> _userExits = [];
    private readonly HashSet<string> _abandoning = [];
    private readonly List<string> _lines = [];

    private ImageClaims()
    {
    }

    /// <summary>All claims as they are written.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Whether it runs in ring 3.</summary>
    public bool IsProgram { get; private set; }

    /// <summary>Code that runs elsewhere than it lies.</summary>
    public IReadOnlyList<CopiedClaim> Copied => _copied;

    /// <summary>Privileged instructions by function.</summary>
    public IReadOnlyList<PrivilegeClaim> Privileges => _privileges;

    /// <summary>Calls of stubs that have become the stub's instructions, by address.</summary>
    public IReadOnlyDictionary<ulong, SiteClaim> Sites => _sites;

    /// <summary>Stacks that code may run on.</summary>
    public IReadOnlyList<StackClaim> Stacks => _stacks;

    /// <summary>Code that is entered from outside the image.</summary>
    public IReadOnlyList<EntryClaim> Entries => _entries;

    /// <summary>Functions that ring 3 enters by SYSCALL.</summary>
    public IReadOnlyList<string> UserEntries => _userEntries;

    /// <summary>Functions that go to ring 3.</summary>
    public IReadOnlyCollection<string> UserExits => _userExits;

    /// <summary>Functions that never come back and give the caller's stack up.</summary>
    public IReadOnlyCollection<string> Abandoning => _abandoning;

    /// <summary>Interrupt tables, or null when the image has none.</summary>
    public TrapClaim? Traps { get; private set; }

    /// <summary>Every symbol that a claim is about. Each must be the only one of its name.</summary>
    public IEnumerable<string> Names =>
    [
        .. _modes.Keys, .. _privileges.Select(claim => claim.Name), .. _copied.Select(claim => claim.Name),
        .. _anywhere, .. _exhausts, .. _entries.Select(claim => claim.Name), .. _userEntries, .. _userExits, .. _abandoning,
        .. Traps is { } traps ? [traps.DescriptorTable, traps.TaskState] : Array.Empty<string>(),
    ];

    /// <summary>Mode that a function runs in: 64 unless it is claimed to be another.</summary>
    public int BitnessOf(string function) => _modes.GetValueOrDefault(function, 64);

    /// <summary>Functions whose indirect jumps are meant to go to any address.</summary>
    public IReadOnlyCollection<string> JumpingAnywhere => _anywhere;

    /// <summary>Whether the function's indirect jumps are meant to go to any address.</summary>
    public bool JumpsAnywhere(string function) => _anywhere.Contains(function);

    /// <summary>Whether the function is meant to overflow the stack.</summary>
    public bool ExhaustsStack(string function) => _exhausts.Contains(function);

    /// <summary>Reads the note of an image.</summary>
    /// <returns>Null when the note is missing or a line of it is not understood.</returns>
    public static ImageClaims? Read(WrittenImage image, out string why)
    {
        WrittenNote? note = WrittenNote.Read(image.ContentOf(SectionName), out _)
            .FirstOrDefault(candidate => candidate is { Owner: Owner, Type: NoteType });
        if (note is null)
        {
            why = $"it has no note of claims ('{SectionName}')";
            return null;
        }

        ImageClaims claims = new();
        foreach (string line in Encoding.UTF8.GetString(note.Content.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!claims.Add(line.Split(' ')))
            {
                why = $"its note of claims has the line '{line}'";
                return null;
            }

            claims._lines.Add(line);
        }

        why = "";
        return claims;
    }

    private bool Add(string[] words)
    {
        switch (words)
        {
            case [Program]:
                IsProgram = true;
                return true;
            case ["mode", var name, "16" or "32" or "64"]:
                return _modes.TryAdd(name, int.Parse(words[2], CultureInfo.InvariantCulture));
            case ["copied", var name, "16" or "32" or "64", var at, var bytes, var to]:
                return AddCopied(name, int.Parse(words[2], CultureInfo.InvariantCulture), at, bytes, to);
            case ["privileged", var name, _, ..]:
                _privileges.Add(new PrivilegeClaim(name, words[2..]));
                return true;
            case ["site", var at, var stub, _, ..]:
                return Number(at, out ulong site) && _sites.TryAdd(site, new SiteClaim(site, stub, words[3..]));
            case ["jumps-anywhere", var name]:
                return _anywhere.Add(name);
            case ["exhausts-stack", var name]:
                return _exhausts.Add(name);
            case ["stack", var name, var low, var high]:
                return AddStack(name, low, high);
            case ["entry", var name, var stack]:
                _entries.Add(new EntryClaim(name, stack == NoStack ? null : _stacks.Find(claim => claim.Name == stack)));
                return stack == NoStack || _entries[^1].Stack is not null;
            case ["user-entry", var name]:
                _userEntries.Add(name);
                return true;
            case ["user-exit", var name]:
                return _userExits.Add(name);
            case ["abandons-stack", var name]:
                return _abandoning.Add(name);
            case ["traps", var table, var task, [>= '0' and <= '9'] nested] when Traps is null:
                Traps = new TrapClaim(table, task, nested[0] - '0');
                return true;
            default:
                return false;
        }
    }

    private bool AddCopied(string name, int bitness, string at, string bytes, string to)
    {
        bool isGood = Number(at, out ulong address) & Number(bytes, out ulong size) & Number(to, out ulong runsAt);
        _copied.Add(new CopiedClaim(name, bitness, address, size, runsAt));
        return isGood && unchecked(runsAt + size) >= runsAt;
    }

    private bool AddStack(string name, string lowText, string highText)
    {
        bool isGood = Number(lowText, out ulong low) & Number(highText, out ulong high);
        _stacks.Add(new StackClaim(name, low, high));
        return isGood && low < high && _stacks.Count <= StacksMax;
    }

    private static bool Number(string text, out ulong value) =>
        ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}

/// <summary>Code that the kernel copies before it runs.</summary>
/// <param name="Name">Symbol.</param>
/// <param name="Bitness">Mode.</param>
/// <param name="Address">Where it lies in the image.</param>
/// <param name="SizeBytes">Bytes.</param>
/// <param name="RunsAt">Address that it is copied to.</param>
public sealed record CopiedClaim(string Name, int Bitness, ulong Address, ulong SizeBytes, ulong RunsAt);

/// <summary>Privileged instructions that a function may contain.</summary>
/// <param name="Name">Symbol; its extent may cover several functions.</param>
/// <param name="Kinds">Names of <see cref="Properties.PrivilegedKind"/>.</param>
public sealed record PrivilegeClaim(string Name, IReadOnlyList<string> Kinds);

/// <summary>A call of a stub that has become the stub's instructions.</summary>
/// <param name="Address">Where the call was.</param>
/// <param name="Stub">Stub that it called.</param>
/// <param name="Kinds">Privileged instructions among them.</param>
public sealed record SiteClaim(ulong Address, string Stub, IReadOnlyList<string> Kinds);

/// <summary>Memory that code may use as a stack, between two pages that are not mapped.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Low">Lowest address.</param>
/// <param name="High">First address above: where the stack pointer starts.</param>
public sealed record StackClaim(string Name, ulong Low, ulong High)
{
    /// <summary>Bytes.</summary>
    public ulong SizeBytes => High - Low;
}

/// <summary>Code that somebody outside the image jumps to.</summary>
/// <param name="Name">Symbol.</param>
/// <param name="Stack">Stack that it finds itself on; null: none, it loads the stack pointer itself.</param>
public sealed record EntryClaim(string Name, StackClaim? Stack);

/// <summary>How the processor finds its way into the image by itself.</summary>
/// <param name="DescriptorTable">Symbol of the IDT.</param>
/// <param name="TaskState">Symbol of the TSS.</param>
/// <param name="Nested">How many traps may lie upon each other on one stack.</param>
public sealed record TrapClaim(string DescriptorTable, string TaskState, int Nested);
