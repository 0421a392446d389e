using Brickwork.TestKit;

namespace Brickwork.Models.Tests.Panels;

public sealed class DamagedCacheTests
{
    const int Page = 4096;

    [SkippableFact]
    public void A_file_cut_anywhere_is_written_anew()
    {
        using var cached = Written(out var expected, out var sound);
        int[] lengths = [0, 1, 7, 8, 63, 64, 65, 200, Page - 1, Page, Page + 1, sound.Length / 2, sound.Length - Page, sound.Length - 1, sound.Length + 1, 2 * sound.Length];
        foreach (var length in lengths)
        {
            var bytes = sound.ToArray();
            Array.Resize(ref bytes, length);
            ShouldBeMended(cached, bytes, expected, sound, $"{length} of {sound.Length} bytes");
        }
    }

    [SkippableFact]
    public void Any_changed_bit_before_the_panels_is_noticed_at_once()
    {
        using var cached = Written(out var expected, out var sound);
        var head = HeadBytes(sound);
        var random = new Random(5);
        for (var round = 0; round < 30; round++)
        {
            var place = round < 12 ? random.Next(64) : random.Next(64, head);
            var bytes = sound.ToArray();
            bytes[place] ^= (byte)(1 << random.Next(8));
            ShouldBeMended(cached, bytes, expected, sound, $"byte {place} of the head");
        }
    }

    [SkippableFact]
    public void Any_changed_bit_of_the_panels_is_noticed_at_their_first_use()
    {
        using var cached = Written(out var expected, out var sound);
        var random = new Random(6);
        var noticed = 0;
        for (var round = 0; round < 24; round++)
        {
            var bytes = sound.ToArray();
            var place = random.Next((HeadBytes(sound) + Page - 1) / Page * Page, sound.Length);
            bytes[place] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(cached.CachePath, bytes);

            cached.Run(prepare: round % 2 == 0).ShouldBe(expected, $"byte {place}");

            // A bit between two matrices means nothing and is left alone.
            noticed += cached.Warnings.Count;
            File.Exists(cached.CachePath).ShouldBe(cached.Warnings.Count == 0);
            cached.UsedFile.ShouldBe(cached.Warnings.Count == 0);
            cached.Warnings.ShouldAllBe(warning => warning.Contains("is damaged"));
        }
        noticed.ShouldBeGreaterThan(0);
        ShouldBeMended(cached, [], expected, sound, "at last");
    }

    [SkippableFact]
    public void Whatever_happens_to_a_file_the_logits_are_the_same()
    {
        using var cached = Written(out var expected, out var sound);
        for (var seed = 0; seed < 25; seed++)
        {
            File.WriteAllBytes(cached.CachePath, Mutation.Of(sound, new Random(seed)));
            cached.Run().ShouldBe(expected, $"seed {seed}");
            cached.Run().ShouldBe(expected, $"seed {seed}, the start after");
            cached.Run().ShouldBe(expected, $"seed {seed}, and the one after that");
            cached.UsedFile.ShouldBeTrue($"seed {seed}");
        }
    }

    [SkippableFact]
    public void A_file_of_another_model_or_of_an_earlier_state_is_not_used()
    {
        using var other = new CachedModel(PicoModel.LlamaCheckpoint(seed: 8, DType.Q4_0));
        other.Run();
        using var cached = Written(out var expected, out _);
        File.Copy(other.CachePath, cached.CachePath, overwrite: true);
        cached.Run().ShouldBe(expected);
        cached.Warnings.Single().ShouldContain("belongs to another model");

        // The same length and the same tensors, other weights.
        var time = File.GetLastWriteTimeUtc(cached.Model);
        File.Copy(other.Model, cached.Model, overwrite: true);
        File.SetLastWriteTimeUtc(cached.Model, time.AddSeconds(1));
        cached.Run().ShouldBe(other.Expected());
        cached.Warnings.Single().ShouldContain("belongs to another model");
    }

    [SkippableFact]
    public void A_file_of_an_older_version_is_written_anew()
    {
        using var cached = Written(out var expected, out var sound);
        var older = sound.ToArray();
        older[8]--;
        File.WriteAllBytes(cached.CachePath, older);
        cached.Run().ShouldBe(expected);
        cached.Warnings.Single().ShouldContain("is of version 0; expected 1");
        cached.Cache.ShouldBe(sound);
    }

    [SkippableFact]
    public void A_folder_in_its_place_is_a_warning()
    {
        using var cached = Written(out var expected, out _);
        File.Delete(cached.CachePath);
        Directory.CreateDirectory(cached.CachePath);
        cached.Run().ShouldBe(expected);
        cached.Warnings.Count.ShouldBe(2);
    }

    static CachedModel Written(out string expected, out byte[] sound)
    {
        var cached = new CachedModel(PicoModel.LlamaCheckpoint(seed: 7, DType.Q4_0));
        expected = cached.Run();
        sound = cached.Cache;
        return cached;
    }

    static void ShouldBeMended(CachedModel cached, byte[] bytes, string expected, byte[] sound, string how)
    {
        File.WriteAllBytes(cached.CachePath, bytes);
        cached.Run().ShouldBe(expected, how);
        cached.Warnings.Count.ShouldBe(1, how);
        cached.Cache.ShouldBe(sound, how);
        cached.Run().ShouldBe(expected, how);
        cached.Warnings.ShouldBeEmpty(how);
        cached.UsedFile.ShouldBeTrue(how);
    }

    static int HeadBytes(byte[] file) => 64 + (int)BitConverter.ToInt64(file, 24) + (BitConverter.ToInt32(file, 12) + 1) * sizeof(ulong);
}
