// Uploads the chosen file, and regions of one's own if there are any, straight to S3, with a bar, and then submits what
// arrived. Without this script the same page is a plain form. The bar needs XMLHttpRequest: fetch() does not say how much
// of a body has been sent.
'use strict';

(() => {
  const upload = document.getElementById('upload');
  const submission = document.getElementById('submission');
  if (!upload || !submission) return;

  const part = (id) => document.getElementById(id);
  const input = part('vcf');
  const drop = part('drop');
  const start = part('start');
  const uploading = part('uploading');
  const bar = part('upload-progress');
  const problem = part('upload-problem');

  const trackInput = part('own-track');
  const trackAnswer = part('track-inspection');

  const bytesMax = Number(upload.dataset.bytesMax);
  const trackBytesMax = Number(trackInput.dataset.bytesMax);
  /** Whether the regions that are chosen, if any, can be sent. */
  let trackIsGood = true;
  /** So much of a file is looked at before it is sent; as base64 it fits a form. */
  const HEAD_BYTES = 36 * 1024;
  /** The running request, while there is one. */
  let request = null;

  submission.hidden = false;
  for (const element of document.querySelectorAll('.with-script')) element.hidden = false;
  for (const element of document.querySelectorAll('.without-script')) element.hidden = true;
  input.addEventListener('change', chosen);
  trackInput.addEventListener('change', () => void trackChosen());
  // What was said of last time is no longer what is chosen.
  part('options').addEventListener('change', () => part('options-said')?.remove());
  chosen();
  void trackChosen();

  for (const name of ['dragenter', 'dragover']) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add('over');
    });
  }
  for (const name of ['dragleave', 'drop']) drop.addEventListener(name, () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    if (request || event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    chosen();
  });

  upload.addEventListener('submit', (event) => event.preventDefault());
  submission.addEventListener('submit', (event) => {
    event.preventDefault();
    const file = input.files[0];
    if (file && !request) void send(file);
  });
  part('upload-cancel').addEventListener('click', () => request?.abort());
  window.addEventListener('beforeunload', (event) => {
    if (request) event.preventDefault();
  });
  // Back from the next page, out of the browser's cache: the page as it was at first.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) quiet();
  });

  /** A file was chosen, or none: say what is wrong with it before a byte is sent. */
  function chosen() {
    const file = input.files[0];
    hideProblem();
    start.textContent = file ? `Upload and annotate (${sayBytes(file.size)})` : 'Upload and annotate';
    ready();
    if (!file) return;
    if (file.size === 0) show(`“${file.name}” is empty. Please choose a VCF file with content.`);
    else if (file.size > bytesMax) show(...tooLarge(file, bytesMax));
    else void inspect(file);
    if (!start.disabled && !/\.vcf(\.b?gz|\.bgzf)?$|\.txt$/i.test(file.name)) {
      show(`“${file.name}” does not look like a VCF by its name. You can send it all the same.`);
    }
  }

  function ready() {
    const file = input.files[0];
    start.disabled = !file || file.size === 0 || file.size > bytesMax || !trackIsGood;
  }

  /** Regions were chosen, or none: shows what they are, or why they cannot be used. */
  async function trackChosen() {
    const file = trackInput.files[0];
    trackAnswer.replaceChildren();
    trackIsGood = !file || (file.size > 0 && file.size <= trackBytesMax);
    ready();
    if (!file) return;
    if (!trackIsGood) {
      refuseTrack(
        file.size === 0 ? `“${file.name}” is empty.` : sizeSentence(file, trackBytesMax, 'regions'),
      );
      return;
    }
    const whole = file.size <= HEAD_BYTES ? 'yes' : 'no';
    try {
      const answer = await ask('/uploads/track-inspection', { head: await headOf(file), name: file.name, whole });
      if (trackInput.files[0] !== file || !answer.ok) return;
      trackAnswer.innerHTML = await answer.text();
      trackIsGood = trackAnswer.querySelector('[data-refused]') === null;
      ready();
    } catch {
      say('The regions could not be looked at beforehand. They can be sent all the same.');
    }
  }

  function refuseTrack(sentence) {
    const text = document.createElement('p');
    text.className = 'wrong-why';
    text.textContent = sentence;
    trackAnswer.replaceChildren(text);
  }

  /** The beginning of a file as base64url, to fit a form. */
  async function headOf(file) {
    const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
    const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
    return btoa(binary).replaceAll('+', '-').replaceAll('/', '_');
  }

  function ask(address, form) {
    return fetch(address, { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(form) });
  }

  /** Asks which assembly the beginning of the file speaks for, and shows the references with the fitting one chosen. */
  async function inspect(file) {
    try {
      const answer = await ask('/uploads/inspection', { head: await headOf(file) });
      // Another file may have been chosen meanwhile. Without an answer the choice stays as it was.
      if (answer.ok && input.files[0] === file) part('inspection').innerHTML = await answer.text();
    } catch {
      say('The file could not be looked at beforehand. It can be sent all the same.');
    }
  }

  async function send(file) {
    const track = trackInput.files[0];
    hideProblem();
    busy(track ?? file);
    try {
      const form = await newForm();
      // The small file first: if the storage does not take it, the large one need not travel.
      submission.elements.track_key.value = track ? await put(form.track, track) : '';
      if (track) busy(file);
      submission.elements.key.value = await put(form, file);
      say('Uploaded. Submitting.');
      submission.submit();
    } catch (error) {
      quiet();
      if (error.name === 'AbortError') say('The upload was cancelled.');
      else show(...(error.parts ?? [error.message]));
      start.focus();
    }
  }

  /** Sends a file by a signed form; answers its key. */
  async function put({ url, fields, bytesMax }, file) {
    const key = fields.key.replace('${filename}', () => safeName(file.name));
    await post(url, { ...fields, key }, file, bytesMax);
    return key;
  }

  /** Asks our server where to send the file; the answer is good for one upload. */
  async function newForm() {
    const abort = new AbortController();
    request = abort;
    let answer;
    try {
      answer = await fetch('/uploads', { method: 'POST', headers: { 'HX-Request': 'true' }, signal: abort.signal });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new Error('The server does not answer. Please check the connection and try again.');
    }
    if (answer.status === 401) {
      request = null;
      location.assign('/sign-in?next=/annotate');
      throw new Error('You are signed out. Please sign in again.');
    }
    if (!answer.ok) throw new Error('The server could not prepare the upload. Please try again in a moment.');
    return answer.json();
  }

  function post(url, fields, file, most) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    // S3 ignores every field after the file.
    form.append('file', file);
    const xhr = new XMLHttpRequest();
    request = xhr;
    const startedAt = performance.now();
    return new Promise((resolve, reject) => {
      xhr.upload.addEventListener('progress', (event) => {
        // The form's other fields count too; the person thinks of the file.
        const sent = Math.min(file.size, Math.round((event.loaded / event.total) * file.size));
        progress(sent, file.size, (performance.now() - startedAt) / 1000);
      });
      xhr.addEventListener('load', () => (xhr.status >= 200 && xhr.status < 300 ? resolve() : reject(refusal(xhr, file, most))));
      xhr.addEventListener('error', () =>
        reject(new Error('The connection broke before the whole file had arrived. Please try again.')),
      );
      xhr.addEventListener('abort', () => reject(new DOMException('cancelled', 'AbortError')));
      xhr.open('POST', url);
      xhr.send(form);
    });
  }

  /** S3's own error, in words. */
  function refusal(xhr, file, most) {
    const code = /<Code>([^<]*)<\/Code>/.exec(xhr.responseText)?.[1] ?? `status ${xhr.status}`;
    const error = new Error(`The storage refused the file (${code}). Please try again.`);
    if (code === 'EntityTooLarge') error.parts = tooLarge(file, most);
    if (code === 'AccessDenied' || code === 'ExpiredToken') {
      error.message = 'The permission to upload ran out before the upload began. Please try again.';
    }
    return error;
  }

  function tooLarge(file, most) {
    const sentence = sizeSentence(file, most, 'files');
    return upload.dataset.tier === 'free' ? [`${sentence} `, link('/subscribe', 'Upgrade to premium'), ' to send it.'] : [sentence];
  }

  function sizeSentence(file, most, what) {
    return `“${file.name}” has ${sayBytes(file.size)}; ${what} may have ${sayBytes(most)} on the ${upload.dataset.tier} tier.`;
  }

  function progress(sent, total, seconds) {
    const percent = total > 0 ? (100 * sent) / total : 100;
    const rate = seconds > 0.5 ? sent / seconds : 0;
    bar.value = percent;
    part('upload-percent').textContent = `${Math.floor(percent)} %`;
    const left = rate > 0 && sent < total ? `, ${saySeconds((total - sent) / rate)} left` : '';
    part('upload-detail').textContent =
      `${sayBytes(sent)} of ${sayBytes(total)}${rate > 0 ? `, ${sayBytes(rate)}/s` : ''}${left}`;
    const tens = 10 * Math.floor(percent / 10);
    say(sent < total ? `Uploading, ${tens} percent` : 'Uploaded, being stored.');
  }

  function busy(file) {
    part('upload-what').textContent = `Uploading ${file.name}`;
    progress(0, file.size, 0);
    uploading.hidden = false;
    upload.hidden = true;
    submission.hidden = true;
    part('upload-cancel').focus();
  }

  function quiet() {
    request = null;
    uploading.hidden = true;
    upload.hidden = false;
    submission.hidden = false;
  }

  /** Shows what is wrong; the parts are strings and elements. */
  function show(...parts) {
    const text = document.createElement('p');
    text.append(...parts);
    problem.replaceChildren(text);
    problem.hidden = false;
  }

  function hideProblem() {
    problem.hidden = true;
  }

  /** For screen readers: only when it changes. */
  function say(text) {
    const status = part('upload-status');
    if (status.textContent !== text) status.textContent = text;
  }

  function link(href, text) {
    const element = document.createElement('a');
    element.href = href;
    element.textContent = text;
    return element;
  }

  /** As `safeFileName` in jobs/keys.ts: the last part of a key. */
  function safeName(name) {
    const clean = name.split(/[/\\]/).pop().normalize('NFC').replace(/[\u0000-\u001f\u007f"<>|*?:]/g, '_').trim();
    return clean.replace(/^\.+/, '').slice(-200) || 'input.vcf';
  }

  /** As `sayBytes` in jobs/plan.ts, with one figure more: a bar is watched. */
  function sayBytes(bytes) {
    const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
    let value = bytes;
    let unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1).replace(/\.0$/, '')} ${units[unit]}`;
  }

  function saySeconds(seconds) {
    if (seconds < 60) return `${Math.ceil(seconds)} s`;
    if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
    return `${Math.floor(seconds / 3600)} h ${Math.ceil((seconds % 3600) / 60)} min`;
  }
})();
