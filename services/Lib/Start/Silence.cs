namespace Atoll.Services.Lib;

/// <summary>For how long a number has been the same that somebody changes once a second, as long as he does anything.</summary>
public struct Silence
{
    /// <summary>Looks, one each second, at which the number is the same: so long may a busy machine keep a program from running.</summary>
    public const int LooksMax = 4;

    private ulong _beat;

    /// <summary>Looks since it changed.</summary>
    public int Looks { get; private set; }

    /// <summary>Looks once.</summary>
    /// <param name="beat">The number.</param>
    public void Look(ulong beat)
    {
        Looks = beat == _beat ? Looks + 1 : 0;
        _beat = beat;
    }

    /// <summary>It was told: it is looked as often again before it is told once more.</summary>
    public void Forgive() => Looks = 0;
}
